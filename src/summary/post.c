/* See post.h. */
#include "summary/post.h"

#include "base/ids.h"
#include "summary/letter.h"

#include <curl/curl.h>
#include <string.h>

#define CONNECT_SECONDS 20L
#define SEND_SECONDS 120L

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CURL, curl_easy_cleanup)
typedef struct curl_slist Lines;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Lines, curl_slist_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (curl_mime, curl_mime_free)

CvPostOptions *
cv_post_options_copy (const CvPostOptions *self)
{
  CvPostOptions *copy = g_memdup2 (self, sizeof *self);

  copy->server = g_strdup (self->server);
  copy->from = g_strdup (self->from);
  copy->username = g_strdup (self->username);
  copy->password = g_strdup (self->password);
  copy->ca_file = g_strdup (self->ca_file);
  return copy;
}

void
cv_post_options_free (CvPostOptions *self)
{
  g_free (self->server);
  g_free (self->from);
  g_free (self->username);
  cv_secret_replace (&self->password, NULL);
  g_free (self->ca_file);
  g_free (self);
}

void
cv_post_letter_free (CvPostLetter *self)
{
  g_free (self->recipient);
  g_strfreev (self->headers);
  g_free (self->text);
  g_free (self->html);
  g_clear_pointer (&self->pdf, g_bytes_unref);
  g_free (self->filename);
  g_free (self);
}

static int
on_curl_progress (void *data, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
  return g_cancellable_is_cancelled (data);
}

/* Text and HTML are the same in two forms, the PDF is attached. */
static void
add_parts (curl_mime *mime, CURL *curl, const CvPostLetter *letter)
{
  curl_mime *forms = curl_mime_init (curl);
  curl_mimepart *part = curl_mime_addpart (forms);

  curl_mime_data (part, letter->text, CURL_ZERO_TERMINATED);
  curl_mime_type (part, "text/plain; charset=utf-8");
  curl_mime_encoder (part, "quoted-printable");
  if (letter->html != NULL) {
    part = curl_mime_addpart (forms);
    curl_mime_data (part, letter->html, CURL_ZERO_TERMINATED);
    curl_mime_type (part, "text/html; charset=utf-8");
    curl_mime_encoder (part, "quoted-printable");
  }
  part = curl_mime_addpart (mime);
  curl_mime_subparts (part, forms);
  curl_mime_type (part, "multipart/alternative");
  if (letter->pdf == NULL)
    return;
  part = curl_mime_addpart (mime);
  curl_mime_data (part, g_bytes_get_data (letter->pdf, NULL), g_bytes_get_size (letter->pdf));
  curl_mime_type (part, "application/pdf");
  curl_mime_encoder (part, "base64");
  curl_mime_filename (part, letter->filename);
}

static void
set_up (CURL *curl, const CvPostOptions *options, const char *address, GCancellable *cancellable)
{
  gboolean tls = g_str_has_prefix (options->server, "smtps://");

  curl_easy_setopt (curl, CURLOPT_URL, options->server);
  curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt (curl, CURLOPT_PROXY, "");
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, SEND_SECONDS);
  curl_easy_setopt (curl, CURLOPT_MAIL_FROM, address);
  /* never without TLS because somebody in between says that there is none */
  curl_easy_setopt (curl, CURLOPT_USE_SSL, (long) (options->plain && !tls ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  curl_easy_setopt (curl, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
  if (*options->ca_file != '\0')
    curl_easy_setopt (curl, CURLOPT_CAINFO, options->ca_file);
  if (*options->username != '\0') {
    curl_easy_setopt (curl, CURLOPT_USERNAME, options->username);
    curl_easy_setopt (curl, CURLOPT_PASSWORD, options->password != NULL ? options->password : "");
  }
  curl_easy_setopt (curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt (curl, CURLOPT_XFERINFOFUNCTION, on_curl_progress);
  curl_easy_setopt (curl, CURLOPT_XFERINFODATA, cancellable);
}

gboolean
cv_post_send (const CvPostOptions *options, const CvPostLetter *letter, GCancellable *cancellable, GError **error)
{
  g_autoptr (CURL) curl = curl_easy_init ();
  g_autofree char *address = cv_letter_get_address (options->from);
  g_autofree char *recipient = g_strconcat ("<", letter->recipient, ">", NULL);
  g_autoptr (Lines) to = curl_slist_append (NULL, recipient);
  g_autoptr (Lines) headers = NULL;
  g_autoptr (curl_mime) mime = curl_mime_init (curl);
  long answer = 0;

  if (address == NULL) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "nobody to send it from");
    return FALSE;
  }
  for (guint i = 0; letter->headers[i] != NULL; i++)
    headers = curl_slist_append (headers, letter->headers[i]);
  set_up (curl, options, address, cancellable);
  add_parts (mime, curl, letter);
  curl_easy_setopt (curl, CURLOPT_MAIL_RCPT, to);
  curl_easy_setopt (curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt (curl, CURLOPT_MIMEPOST, mime);
  CURLcode code = curl_easy_perform (curl);
  if (code == CURLE_OK)
    return TRUE;
  curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &answer);
  /* 5xx about the letter or its recipient; what is wrong with the login may be repaired */
  g_set_error (error, G_IO_ERROR, answer >= 550 && answer < 560 ? G_IO_ERROR_INVALID_ARGUMENT : G_IO_ERROR_FAILED,
               "%s (%ld)", curl_easy_strerror (code), answer);
  return FALSE;
}
