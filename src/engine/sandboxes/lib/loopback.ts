/** Said where nothing on the machine raises the loopback, and so what to install. */
export const NO_LOOPBACK =
  'no program here can start the loopback device of the sandbox: apt-get install iproute2 (or net-tools, or busybox)'

/**
 * A shell function `raise_loopback DIR`, for root of a fresh network namespace, whose loopback is down; DIR is a directory to mount
 * on. Of the programs that speak to the kernel about networks any will do. Without one sysfs remains (Documentation/ABI/testing/
 * sysfs-class-net, flags): not every container lets us mount it, and some kernels leave its files to the root of the machine.
 */
export const RAISE_LOOPBACK = `raise_loopback() {
  ip link set lo up || ifconfig lo up || busybox ip link set lo up || {
    mount -t sysfs sysfs "$1" && echo 0x9 >"$1/class/net/lo/flags" && umount "$1"
  }
} 2>/dev/null`
