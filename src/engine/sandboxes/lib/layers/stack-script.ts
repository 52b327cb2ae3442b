/**
 * For `sh -c STACK_SCRIPT pp SIZE LAYERS` as root of new user and mount namespaces, in a directory with the mount points
 * `space` and `tree` and a link for each layer. All names in mount options are fixed, because ':' ',' and '\' separate there.
 * It waits until the engine has taken hold of the namespaces, which then live without any process.
 *
 * `xino=off`: files keep the inode numbers of their layer, so an index of git that was made for the layer stays valid.
 */
export const STACK_SCRIPT = `set -e
mount -t tmpfs -o "nosuid,nodev,mode=0700,size=$1" tmpfs space
mkdir space/upper space/work
mount -t overlay -o "nosuid,nodev,userxattr,xino=off,index=off,metacopy=off,lowerdir=$2,upperdir=space/upper,workdir=space/work" overlay tree
echo ready
read -r _ || :`

/** The names of the mount points and of what the script makes. */
export const SPACE = 'space'
export const UPPER = 'space/upper'
export const TREE = 'tree'
