/** The message if no program on the machine can start the loopback device; it says what to install. */
export const NO_LOOPBACK =
  'no program here can start the loopback device of the sandbox: apt-get install iproute2 (or net-tools, or busybox)'

/**
 * A shell function `raise_loopback DIR` for root of a new network namespace, in which loopback is down; DIR is a directory to
 * mount on. Any program that can configure networks will do. Without one, sysfs remains
 * (Documentation/ABI/testing/sysfs-class-net, flags); but not every container allows mounting it, and some kernels reserve
 * its files for the root of the machine.
 */
export const RAISE_LOOPBACK = `raise_loopback() {
  ip link set lo up || ifconfig lo up || busybox ip link set lo up || {
    mount -t sysfs sysfs "$1" && echo 0x9 >"$1/class/net/lo/flags" && umount "$1"
  }
} 2>/dev/null`
