"""Runs an unpacked image as an engine would: its own user, command and environment, as PID 1 of a
process space of its own, in the network of the caller.

A container is as locked in as docker/compose.yaml asks for: no capability unless `privileges`, the
file system read-only unless `writable`. Paths that it is given are bind mounts.
"""
import os
import signal
import subprocess
import time

# What the first process does before it becomes the image's command: $1 is the root, $2 "ro" or "rw";
# mounts follow as SOURCE TARGET MODE up to "--", then the command.
SETUP = r"""
root=$1 mode=$2; shift 2
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 dev "$root/dev"
for node in null zero full random urandom tty; do : >"$root/dev/$node"; mount --bind "/dev/$node" "$root/dev/$node"; done
ln -s /proc/self/fd "$root/dev/fd"
mount -t tmpfs -o mode=1777 tmp "$root/tmp"
while [ "$1" != -- ]; do
  source=$1 target=$root$2 how=$3; shift 3
  if [ "$source" = tmpfs ]; then mkdir -p "$target"; mount -t tmpfs -o "$how" tmpfs "$target"; continue; fi
  mkdir -p "$(dirname "$target")"
  if [ -d "$source" ]; then mkdir -p "$target"; else [ -e "$target" ] || : >"$target"; fi
  mount --bind "$source" "$target"
  [ "$how" = rw ] || mount -o remount,bind,ro "$target"
done
shift
[ "$mode" = rw ] || mount -o remount,bind,ro "$root"
exec "$@"
"""


class Image:
    """An unpacked image: its root, and what its creator wrote down about running it."""

    def __init__(self, root, config):
        self.root = root
        self.config = config

    def numbers(self, user):
        """The user and group of that name, and the further groups, as numbers."""
        with open(self.root + "/etc/passwd") as file:
            entry = next(line.split(":") for line in file if line.startswith(user + ":"))
        with open(self.root + "/etc/group") as file:
            groups = [line.strip().split(":") for line in file]
        more = [group[2] for group in groups if user in group[3].split(",")]
        return entry[2], entry[3], more

    def command(self):
        return (self.config.get("Entrypoint") or []) + (self.config.get("Cmd") or [])


class Container:
    def __init__(self, image, log, command=None, mounts=(), groups=(), environment=None, privileges=False, writable=False):
        user = image.config.get("User") or "root"
        uid, gid, more = image.numbers(user)
        env = dict(pair.split("=", 1) for pair in image.config.get("Env") or [])
        env.update(environment or {})
        become = ["setpriv", "--reuid", uid, "--regid", gid, "--groups", ",".join([gid, *more, *map(str, groups)])]
        if not privileges:
            become += ["--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]
        flat = [part for mount in mounts for part in mount]
        self.image, self.environment, self.become = image, env, become
        self.log_path = log
        self.log_file = open(log, "wb")
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child", "bash", "-euc", SETUP,
             "bash", image.root, "rw" if writable else "ro", *flat, "--", "chroot", image.root, "env", "-i",
             *("%s=%s" % pair for pair in env.items()), *become, *(command or image.command())],
            stdin=subprocess.DEVNULL, stdout=self.log_file, stderr=self.log_file)

    def first(self):
        """The number, out here, of the process that is 1 inside; None while there is none."""
        with open("/proc/%d/task/%d/children" % (self.process.pid, self.process.pid)) as file:
            children = file.read().split()
        return int(children[0]) if children else None

    def run(self, *command):
        """Another command in the container: status and output."""
        done = subprocess.run(
            ["nsenter", "--target", str(self.first()), "--mount", "--pid", "--root", "--wd=/", "env", "-i",
             *("%s=%s" % pair for pair in self.environment.items()), *self.become, *command],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20)
        return done.returncode, done.stdout + done.stderr

    def terminate(self):
        """As an engine stops it: SIGTERM to process 1. Returns its status and the seconds it took."""
        began = time.monotonic()
        os.kill(self.first(), signal.SIGTERM)
        return self.wait(15), time.monotonic() - began

    def wait(self, seconds):
        try:
            return self.process.wait(seconds)
        finally:
            self.close()

    def close(self):
        # Process 1 itself: who changed its rights is not killed with its parent. In order first, since
        # who is killed leaves the meter's terminal to nobody else.
        for sign in (signal.SIGTERM, signal.SIGKILL):
            first = self.first() if self.process.poll() is None else None
            if first is not None:
                os.kill(first, sign)
                try:
                    self.process.wait(5)
                except subprocess.TimeoutExpired:
                    continue
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log_file.close()

    def log(self):
        with open(self.log_path, errors="replace") as file:
            return file.read()

    def says(self, text, seconds=20):
        """Waits until the log has that text."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if text in self.log():
                return True
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        return text in self.log()
