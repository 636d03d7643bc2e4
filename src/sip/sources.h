/* A list of addresses and networks: who may call. A value; any thread. */
#pragma once

#include <glib.h>
#include <sys/socket.h>

G_BEGIN_DECLS

#define CV_SOURCES_MAX 64

typedef struct _CvSources CvSources;

CvSources *cv_sources_new (void);
void cv_sources_free (CvSources *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvSources, cv_sources_free)
/* "192.0.2.1", "2001:db8::/32". FALSE: malformed, bits set behind the prefix, or one too many. */
gboolean cv_sources_add (CvSources *self, const char *text);
/* IPv4 that comes mapped into IPv6 counts as IPv4. */
gboolean cv_sources_has (const CvSources *self, const struct sockaddr *address);
/* Numeric, without a port; "" for what is neither IPv4 nor IPv6. */
void cv_sources_print (const struct sockaddr *address, char out[46]);

G_END_DECLS
