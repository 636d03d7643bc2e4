/* What the address sanitizer is told in tests. Owns nothing; linked whole, as nobody calls it by name.
 *
 * clang 14's leak checker crashes at exit over thread-local storage of GnuTLS's handshake threads unless told not to follow
 * it; such storage holds no memory of ours.
 *
 * GLib makes its table of quarks when it is loaded and leaves it behind, on purpose, when it takes a larger one; with
 * GStreamer's quarks it does. So what is allocated while libraries are loaded is no leak.
 *
 * fontconfig keeps what it has found for as long as the process lives, in places that the checker does not look at.
 */
const char *__asan_default_options (void);
const char *__lsan_default_suppressions (void);

const char *
__lsan_default_suppressions (void)
{
  return "leak:libfontconfig.so\n";
}

const char *
__asan_default_options (void)
{
  return "intercept_tls_get_addr=0";
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>

/* The program's own, which is called before any library's. */
__attribute__ ((section (".preinit_array"), used)) static void (*const before_libraries) (void) = __lsan_disable;

__attribute__ ((constructor)) static void
after_libraries (void)
{
  __lsan_enable ();
}
#endif
#endif
