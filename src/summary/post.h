/* One e-mail goes to one SMTP server: blocking, so on a thread of GLib's pool. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct {
  char *server;   /* smtp://HOST[:PORT] or smtps://HOST[:PORT] */
  char *from;     /* "NAME <ADDRESS>" or "ADDRESS" */
  char *username; /* "" = without */
  char *password; /* NULL = without */
  char *ca_file;  /* who vouches for the server; "" = the authorities of this machine */
  gboolean plain; /* smtp:// without TLS is fine */
} CvPostOptions;

CvPostOptions *cv_post_options_copy (const CvPostOptions *self);
void cv_post_options_free (CvPostOptions *self);

typedef struct {
  char *recipient;
  char **headers; /* lines */
  char *text;
  char *html;
  GBytes *pdf;
  char *filename; /* of the PDF */
} CvPostLetter;

void cv_post_letter_free (CvPostLetter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvPostLetter, cv_post_letter_free)

/* FALSE with an error: G_IO_ERROR_INVALID_ARGUMENT where the server will never take it, else another try may work. */
gboolean cv_post_send (const CvPostOptions *options, const CvPostLetter *letter, GCancellable *cancellable,
                       GError **error);

G_END_DECLS
