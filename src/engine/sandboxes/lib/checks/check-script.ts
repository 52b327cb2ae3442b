/** The descriptor on which the engine lets a checked run begin. Only our own shells hold it, and the command does not get it. */
export const GATE = 7

/** Written to descriptor 3, with the word of the run: the checks from inside have passed. */
export const CHECKED = 'checked'
/** Written to descriptor 3, before what is wrong. */
export const LEAKS = 'the sandbox leaks: '

/** Devices that a new network namespace may have besides lo: the kernel makes them for tunnels, and they lead nowhere. */
const OF_THE_KERNEL = ['tunl0', 'gre0', 'gretap0', 'erspan0', 'sit0', 'ip6tnl0', 'ip6gre0', 'ip_vti0', 'ip6_vti0']

/**
 * The first part of the last step, for `sh -c … pp WORD HIDDEN NETWORK …`: with the network denied, only the loopback device is
 * there; HIDDEN, a path of this machine that the plan does not show, does not exist (empty: there is none); a file cannot be made outside of the tree. It
 * uses builtins only. Then it reports WORD, which no command has seen, and waits until the engine sends it back.
 */
export const CHECK = `word=$1 hidden=$2 network=$3
shift 3
leaks() { echo "${LEAKS}$1" >&3; exit 125; }
if [ "$network" = deny ]; then
  while read -r device _; do
    case $device in
      Inter-*|face|'|bytes') ;;
      lo:*|${OF_THE_KERNEL.map((name) => `${name}:*`).join('|')}) ;;
      *) leaks "it has the network device $device" ;;
    esac
  done </proc/net/dev
fi
[ -z "$hidden" ] || [ ! -e "$hidden" ] || leaks "it shows $hidden"
{ echo >"/pp-$word"; } 2>/dev/null && leaks 'its root directory can be written'
echo "${CHECKED} $word" >&3
IFS= read -r answer <&${GATE}
[ "$answer" = "$word" ] || exit 125`
