/* See landlock.h. The C library has no functions for it. */
#define _GNU_SOURCE
#include "sandbox/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Those of kernels newer than the headers that we are built with. */
#define ACCESS_TRUNCATE (G_GUINT64_CONSTANT (1) << 14)
#define ACCESS_IOCTL (G_GUINT64_CONSTANT (1) << 15)

#define READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WORK                                                                                                           \
  (READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |             \
   LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REFER | ACCESS_TRUNCATE)

/* Everything that this version of the kernel's interface knows. */
static guint64
get_known (long abi)
{
  guint64 known = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
  if (abi >= 2)
    known |= LANDLOCK_ACCESS_FS_REFER;
  if (abi >= 3)
    known |= ACCESS_TRUNCATE;
  if (abi >= 5)
    known |= ACCESS_IOCTL;
  return known;
}

static gboolean
allow (int ruleset, int folder, guint64 access)
{
  const struct landlock_path_beneath_attr rule = { .allowed_access = access, .parent_fd = folder };
  return syscall (SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

static gboolean
allow_reading (int ruleset, const char *path)
{
  int folder = open (path, O_PATH | O_CLOEXEC | O_DIRECTORY);
  if (folder < 0)
    return TRUE;
  gboolean done = allow (ruleset, folder, READ);
  close (folder);
  return done;
}

CvLandlock
cv_landlock_restrict (int folder, const char *const *readable)
{
  long abi = syscall (SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (abi < 1)
    return CV_LANDLOCK_ABSENT;
  const struct landlock_ruleset_attr attributes = { .handled_access_fs = get_known (abi) };
  int ruleset = (int) syscall (SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
  if (ruleset < 0)
    return CV_LANDLOCK_FAILED;
  gboolean done = allow (ruleset, folder, WORK & get_known (abi));
  for (; done && *readable != NULL; readable++)
    done = allow_reading (ruleset, *readable);
  done = done && syscall (SYS_landlock_restrict_self, ruleset, 0) == 0;
  int reason = errno;
  close (ruleset);
  errno = reason;
  return done ? CV_LANDLOCK_HELD : CV_LANDLOCK_FAILED;
}
