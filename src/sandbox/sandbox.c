/* See sandbox.h. Called once; what it sets holds for all threads. */
#define _GNU_SOURCE
#include "sandbox/sandbox.h"

#include "base/sanitized.h"
#include "sandbox/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define REFUSE SCMP_ACT_ERRNO (EACCES)

/* Names that a machine does not have are left out when the filter is made. */
static const char allowed[] =
  /* descriptors that are there; fstat() is newfstatat() */
  "read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 close close_range lseek fstat "
  "newfstatat fsync fdatasync ftruncate fallocate fcntl dup dup2 dup3 "
  /* sockets that are there */
  "sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg getsockopt setsockopt getsockname getpeername shutdown "
  /* waiting */
  "poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd2 "
  "pipe pipe2 timerfd_create timerfd_settime timerfd_gettime nanosleep clock_nanosleep restart_syscall "
  /* memory */
  "munmap mremap madvise brk mlock munlock membarrier "
  /* threads */
  "futex futex_waitv set_robust_list rseq gettid sched_yield sched_getaffinity sched_getattr sched_setattr "
  "sched_getscheduler sched_getparam exit exit_group "
  /* signals */
  "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait sigaltstack "
  /* what it is, and what time it is */
  "getpid getppid getuid geteuid getgid getegid getrusage getrlimit times sysinfo uname getcpu clock_gettime "
  "clock_getres gettimeofday time getrandom ";

/* Allowed where (argument & mask) == value. */
static const struct {
  const char *name;
  guint argument;
  guint64 mask;
  guint64 value;
} conditions[] = {
  { "clone", 0, CLONE_THREAD | CLONE_VM, CLONE_THREAD | CLONE_VM }, /* a thread, no process */
  { "prctl", 0, G_MAXUINT64, PR_SET_NAME },
  { "prctl", 0, G_MAXUINT64, PR_GET_NAME },
  { "prctl", 0, G_MAXUINT64, PR_GET_DUMPABLE },
  { "prctl", 0, G_MAXUINT64, PR_GET_NO_NEW_PRIVS },
  { "ioctl", 1, G_MAXUINT32, FIONREAD },
  { "ioctl", 1, G_MAXUINT32, FIONBIO },
  { "ioctl", 1, G_MAXUINT32, TCGETS },
  { "prlimit64", 2, G_MAXUINT64, 0 }, /* asking, not setting */
};

/* Libraries try these and live without: GLib looks for the journal, plugins for a place to write to. */
static const char refused[] =
  "openat2 creat link linkat symlink symlinkat mknod mknodat chmod fchmod "
  "fchmodat chown fchown lchown fchownat truncate utimensat umask chdir fchdir memfd_create setpriority "
  "sched_setscheduler setrlimit mbind set_mempolicy ";

/* The same, where there is no network to speak to but over sockets that are there. */
static const char network[] = "connect bind listen accept accept4 ";

/* What changes a folder. */
static const char changes[] = "mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 ";

/* The same, as long as there are no sanitizers: the C library looks for the number of processors and the time zone. */
static const char looks[] =
  "open openat stat lstat statx access faccessat faccessat2 readlink readlinkat getcwd getdents getdents64 statfs "
  "fstatfs ";
static const char watches[] = "inotify_init inotify_init1 inotify_add_watch sched_setaffinity get_mempolicy ";

/* What libraries read when they need it: fonts, their configuration and caches; what processors there are. */
static const char *const readable[] = {
  "/usr/share", "/usr/local/share",        "/usr/lib", "/etc/fonts", "/var/cache/fontconfig",
  "/proc/self", "/sys/devices/system/cpu", NULL
};

/* Only with sanitizers: elsewhere what is on no list ends the process. */
static const char refused_by_name[] =
  "execve execveat fork vfork setuid setgid mount umount2 chroot pivot_root unshare setns bpf init_module "
  "finit_module delete_module kexec_load keyctl add_key userfaultfd perf_event_open io_uring_setup "
  "process_vm_writev ";

G_DEFINE_QUARK (cv_sandbox_error, cv_sandbox_error)

void
cv_sandbox_prepare (void)
{
  g_setenv ("ORC_CODE", "backup", TRUE);
}

/* Each of these returns 0 or a negative errno. */
static int
add (scmp_filter_ctx filter, guint32 action, const char *name, const struct scmp_arg_cmp *condition)
{
  int number = seccomp_syscall_resolve_name (name);
  if (number == __NR_SCMP_ERROR)
    return 0;
  return seccomp_rule_add_array (filter, action, number, condition != NULL ? 1 : 0, condition);
}

static int
add_all (scmp_filter_ctx filter, guint32 action, const char *names)
{
  int result = 0;
  g_auto (GStrv) all = g_strsplit (names, " ", -1);
  for (guint i = 0; all[i] != NULL && result == 0; i++)
    result = *all[i] != '\0' ? add (filter, action, all[i], NULL) : 0;
  return result;
}

/* Refuses the call where any of these bits of an argument is set; where none is, says so if `action` is not 0. */
static int
add_bits (scmp_filter_ctx filter, guint32 action, const char *name, guint argument, guint64 bits)
{
  const struct scmp_arg_cmp without = { argument, SCMP_CMP_MASKED_EQ, bits, 0 };
  int result = action != 0 ? add (filter, action, name, &without) : 0;
  for (guint i = 0; i < 32 && result == 0; i++) {
    guint64 bit = G_GUINT64_CONSTANT (1) << i;
    const struct scmp_arg_cmp with = { argument, SCMP_CMP_MASKED_EQ, bit, bit };
    if ((bits & bit) != 0)
      result = add (filter, REFUSE, name, &with);
  }
  return result;
}

/* GStreamer's buses wake up by it. Not of datagrams: those could be sent to any name. */
static int
add_socketpair (scmp_filter_ctx filter)
{
  const struct scmp_arg_cmp streams[] = {
    { 0, SCMP_CMP_EQ, AF_UNIX, 0 },
    { 1, SCMP_CMP_MASKED_EQ, 0xf, SOCK_STREAM },
  };
  return seccomp_rule_add_array (filter, SCMP_ACT_ALLOW, SCMP_SYS (socketpair), G_N_ELEMENTS (streams), streams);
}

/* Sockets of IP; all other families are refused. */
static int
add_sockets (scmp_filter_ctx filter)
{
  int result = add_all (filter, SCMP_ACT_ALLOW, network);
  for (guint64 family = 0; family < 64 && result == 0; family++) {
    const struct scmp_arg_cmp is = { 0, SCMP_CMP_EQ, family, 0 };
    result = add (filter, family == AF_INET || family == AF_INET6 ? SCMP_ACT_ALLOW : REFUSE, "socket", &is);
  }
  return result;
}

static int
add_no_sockets (scmp_filter_ctx filter)
{
  int result = add_all (filter, REFUSE, network);
  return result == 0 ? add (filter, REFUSE, "socket", NULL) : result;
}

static int
fill_strict (scmp_filter_ctx filter, gboolean files)
{
  int result = add_all (filter, SCMP_ACT_ALLOW, allowed);
  for (guint i = 0; i < G_N_ELEMENTS (conditions) && result == 0; i++) {
    const struct scmp_arg_cmp condition = { conditions[i].argument, SCMP_CMP_MASKED_EQ, conditions[i].mask,
                                            conditions[i].value };
    result = add (filter, SCMP_ACT_ALLOW, conditions[i].name, &condition);
  }
  const struct scmp_arg_cmp own = { 0, SCMP_CMP_EQ, (guint64) getpid (), 0 };
  if (result == 0)
    result = add (filter, SCMP_ACT_ALLOW, "tgkill", &own); /* abort() */
  if (result == 0)
    result = add_socketpair (filter);
  /* Its flags are in memory, where no filter can see them; the C library takes clone() then. */
  if (result == 0)
    result = add (filter, SCMP_ACT_ERRNO (ENOSYS), "clone3", NULL);
  if (result == 0)
    result = add_bits (filter, SCMP_ACT_ALLOW, "mmap", 2, PROT_EXEC);
  if (result == 0)
    result = add_bits (filter, SCMP_ACT_ALLOW, "mprotect", 2, PROT_EXEC);
  if (result == 0)
    result = add_all (filter, files ? SCMP_ACT_ALLOW : REFUSE, looks);
  if (result == 0)
    result = add_all (filter, files ? SCMP_ACT_ALLOW : REFUSE, changes);
  return result == 0 ? add_all (filter, REFUSE, watches) : result;
}

static int
fill_sanitized (scmp_filter_ctx filter, gboolean files)
{
  int result = add_all (filter, REFUSE, refused_by_name);
  if (files)
    return result;
  if (result == 0)
    result = add_all (filter, REFUSE, changes);
  if (result == 0)
    result = add_bits (filter, 0, "open", 1, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC);
  if (result == 0)
    result = add_bits (filter, 0, "openat", 2, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC);
  return result;
}

static int
load (scmp_filter_ctx filter, gboolean files, gboolean sockets)
{
  int result = seccomp_attr_set (filter, SCMP_FLTATR_CTL_TSYNC, 1);
  if (result == 0)
    result = seccomp_attr_set (filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  if (result == 0)
    result = seccomp_attr_set (filter, SCMP_FLTATR_CTL_OPTIMIZE, 2); /* a tree: packets are many calls */
  if (result == 0)
    result = CV_SANITIZED ? fill_sanitized (filter, files) : fill_strict (filter, files);
  if (result == 0)
    result = add_all (filter, REFUSE, refused);
  if (result == 0 && !sockets)
    result = add_no_sockets (filter);
  else if (result == 0 && !CV_SANITIZED)
    result = add_sockets (filter);
  return result == 0 ? seccomp_load (filter) : result;
}

/* Returns 0 or a negative errno. */
static int
forswear (void)
{
  gboolean done =
    prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && (CV_SANITIZED || prctl (PR_SET_DUMPABLE, 0, 0, 0, 0) == 0);
  return done ? 0 : -errno;
}

static gboolean
enter (gboolean files, gboolean sockets, GError **error)
{
  int result = forswear ();
  scmp_filter_ctx filter = result == 0 ? seccomp_init (CV_SANITIZED ? SCMP_ACT_ALLOW : SCMP_ACT_KILL_PROCESS) : NULL;
  if (result == 0)
    result = filter != NULL ? load (filter, files, sockets) : -ENOMEM;
  if (filter != NULL)
    seccomp_release (filter);
  if (result == 0)
    return TRUE;
  g_set_error (error, CV_SANDBOX_ERROR, CV_SANDBOX_ERROR_FAILED, "the system-call filter cannot be set: %s",
               g_strerror (-result));
  return FALSE;
}

gboolean
cv_sandbox_enter (GError **error)
{
  return enter (FALSE, FALSE, error);
}

gboolean
cv_sandbox_enter_network (GError **error)
{
  return enter (FALSE, TRUE, error);
}

gboolean
cv_sandbox_enter_folder (int folder, gboolean *held, GError **error)
{
  CvLandlock landlock = CV_LANDLOCK_ABSENT;
  *held = FALSE;
  if (forswear () != 0 || (landlock = cv_landlock_restrict (folder, readable)) == CV_LANDLOCK_FAILED) {
    g_set_error (error, CV_SANDBOX_ERROR, CV_SANDBOX_ERROR_FAILED, "files cannot be fenced: %s", g_strerror (errno));
    return FALSE;
  }
  *held = landlock == CV_LANDLOCK_HELD;
  return enter (TRUE, FALSE, error);
}
