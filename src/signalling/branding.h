/* What an operator has the pages look like: name, logo, colour and legal links (PROTOCOL.md §3.2). It is data that the client asks for and
 * looks at; none of the client's files, whose hash can be compared, is another one for it.
 *
 * A value that does not change; another one takes its place when the configuration is read anew. Main thread.
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Borrowed; each may be "" or NULL. Checked by who reads the configuration. */
typedef struct {
  const char *name;
  const char *accent; /* "#rrggbb" */
  GBytes *logo;
  const char *logo_type; /* "image/svg+xml" or "image/png" */
  const char *imprint, *privacy, *terms;
} CvBrandingOptions;

typedef struct _CvBranding CvBranding;

/* `options` NULL: nothing is another than it was. Logs where the colour had to be changed. */
CvBranding *cv_branding_new (const CvBrandingOptions *options);
void cv_branding_free (CvBranding *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvBranding, cv_branding_free)

/* What the server is called, "Conclave" where nobody has named it. Borrowed. */
const char *cv_branding_get_name (const CvBranding *self);
/* Answers with all of it as JSON. */
void cv_branding_respond (const CvBranding *self, SoupServerMessage *message);
/* Answers with the logo, if `name` is what it is called now; FALSE: there is none of that name. */
gboolean cv_branding_respond_logo (const CvBranding *self, SoupServerMessage *message, const char *name);

G_END_DECLS
