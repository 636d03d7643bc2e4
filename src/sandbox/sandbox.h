/* What a process may still do once it has its sockets, plugins and templates: use them, make threads, and die.
 *
 * A stranger's packets are parsed and decoded here, so a mistake in any of it must not become a way to the store, to keys
 * or to other programs. Afterwards, in all threads and for good:
 *
 *  - no file can be opened, looked at in a folder or changed, no socket be made, connected or bound (EACCES: libraries try
 *    and manage without). What is read later must be open before; /proc/self/statm for instance;
 *  - no memory can be made executable;
 *  - no program can be run, no process be made, traced or signalled; any call that is not on the list ends the process
 *    (SIGSYS);
 *  - no privilege can be gained, the process cannot be traced and leaves no core.
 *
 * Descriptors that are open, or come later over a socket, can be read and written. UDP goes on.
 *
 * With sanitizers it is another filter: their reports read files and trace threads, so there all is allowed but what is
 * forbidden by name, which fails with EACCES; files can be opened for reading.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_SANDBOX_ERROR (cv_sandbox_error_quark ())
typedef enum { CV_SANDBOX_ERROR_FAILED } CvSandboxError;
GQuark cv_sandbox_error_quark (void);

/* First thing in main(), before gst_init() and any thread: GStreamer's Orc shall not write code at run time, for which it
 * would need what is forbidden later. */
void cv_sandbox_prepare (void);
/* There is no way back. FALSE: the kernel does not have it, and nothing may be taken from strangers. */
gboolean cv_sandbox_enter (GError **error);
/* The same for a program that speaks to whomever it wants over IP: sockets of IPv4 and IPv6 can be made, connected and bound. */
gboolean cv_sandbox_enter_network (GError **error);
/* The same as the first for a program that works in a folder: files can be opened, made, renamed and removed below it, and read where
 * fonts and libraries' data are. `held` is FALSE where the kernel cannot say which (Landlock): then everything that the
 * user may reach can be, and only the rest holds. Before there are threads. */
gboolean cv_sandbox_enter_folder (int folder, gboolean *held, GError **error);

G_END_DECLS
