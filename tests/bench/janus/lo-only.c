/* Preloaded into Janus, which passes over loopback interfaces: shows "lo" with its IPv4 address as if it were any other,
 * and no interface besides. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

int
getifaddrs (struct ifaddrs **out)
{
  int (*real) (struct ifaddrs **) = (int (*) (struct ifaddrs **)) dlsym (RTLD_NEXT, "getifaddrs");
  int result = real (out);
  for (struct ifaddrs *i = result != 0 ? NULL : *out; i != NULL; i = i->ifa_next) {
    if (strcmp (i->ifa_name, "lo") == 0 && i->ifa_addr != NULL && i->ifa_addr->sa_family == AF_INET)
      i->ifa_flags &= ~(unsigned int) IFF_LOOPBACK;
    else
      i->ifa_addr = NULL;
  }
  return result;
}
