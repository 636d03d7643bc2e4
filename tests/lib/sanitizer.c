/* What the address sanitizer is told in tests. Owns nothing; linked whole, as nobody calls it by name.
 *
 * clang 14's leak checker crashes at exit over thread-local storage of GnuTLS's handshake threads unless told not to follow
 * it; such storage holds no memory of ours.
 */
const char *__asan_default_options (void);

const char *
__asan_default_options (void)
{
  return "intercept_tls_get_addr=0";
}
