/* See once.h. */
#include "signalling/once.h"

#include "base/ids.h"
#include "signalling/http.h"
#include "store/repeats.h"

#include <openssl/evp.h>
#include <string.h>

#define CV_LOG_TOPIC "api"
#include "base/log.h"

#define HEADER "Idempotency-Key"
#define PURPOSE "conclave-answer"
#define KEY_BYTES 32
#define NONCE_BYTES 12
#define TAG_BYTES 16
#define TOO_MANY_REQUESTS 429

struct _CvOnces {
  guint references;
  CvStore *store;
  CvClock *clock;
  GHashTable *busy; /* id → CvOnce, borrowed: those that are being worked on */
  gboolean closed;
};

struct _CvOnce {
  guint references; /* of pending requests */
  CvOnces *all;
  char *actor;
  char *id;                      /* what it is kept under: says nothing of the client's key */
  guint8 request[CV_HASH_BYTES]; /* what is asked */
  guint8 key[KEY_BYTES];         /* that its answer is sealed with */
  void (*handle) (const CvApiRequest *);
  gboolean handled;
  GPtrArray *waiting; /* of CvApiPending, borrowed: the same, come meanwhile */
};

/* ---- all of them ---- */

CvOnces *
cv_onces_new (CvStore *store, CvClock *clock)
{
  CvOnces *self = g_new0 (CvOnces, 1);
  self->references = 1;
  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->busy = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

static void
onces_unref (CvOnces *self)
{
  if (--self->references > 0)
    return;
  g_hash_table_unref (self->busy);
  g_object_unref (self->clock);
  g_object_unref (self->store);
  g_free (self);
}

void
cv_onces_close (CvOnces *self)
{
  self->closed = TRUE;
  onces_unref (self);
}

/* ---- sealed answers ---- */

/* Returns: (transfer full) base64url of a nonce, the sealed text and its tag. */
static char *
seal (const CvOnce *self, const char *text, gsize n)
{
  gsize length = NONCE_BYTES + n + TAG_BYTES;
  g_autofree guint8 *bytes = g_malloc (length);
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new ();
  int done = 0;
  cv_random_bytes (bytes, NONCE_BYTES);
  if (!EVP_EncryptInit_ex (context, EVP_aes_256_gcm (), NULL, self->key, bytes) ||
      !EVP_EncryptUpdate (context, bytes + NONCE_BYTES, &done, (const guint8 *) text, (int) n) ||
      !EVP_EncryptFinal_ex (context, bytes + NONCE_BYTES + n, &done) ||
      !EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, bytes + NONCE_BYTES + n))
    g_error ("AES-256-GCM is not available");
  EVP_CIPHER_CTX_free (context);
  return cv_base64url_encode (bytes, length);
}

/* Returns: (transfer full), NULL where it was not sealed with this key. */
static char *
unseal (const CvOnce *self, const char *sealed)
{
  gsize length = strlen (sealed) * 3 / 4;
  g_autofree guint8 *bytes = g_malloc (length + 1);
  if (length < NONCE_BYTES + TAG_BYTES || !cv_base64url_decode (sealed, bytes, length))
    return NULL;
  gsize n = length - NONCE_BYTES - TAG_BYTES;
  g_autofree char *text = g_malloc0 (n + 1);
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new ();
  int done = 0;
  gboolean good = EVP_DecryptInit_ex (context, EVP_aes_256_gcm (), NULL, self->key, bytes) &&
                  EVP_DecryptUpdate (context, (guint8 *) text, &done, bytes + NONCE_BYTES, (int) n) &&
                  EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_GCM_SET_TAG, TAG_BYTES, bytes + length - TAG_BYTES) &&
                  EVP_DecryptFinal_ex (context, (guint8 *) text + n, &done);
  EVP_CIPHER_CTX_free (context);
  return good ? g_steal_pointer (&text) : NULL;
}

/* ---- one of them ---- */

/* From what the client drew: what is kept of it tells nothing about what the answer is sealed with. */
static void
derive (CvOnce *self, const char *key)
{
  guint8 id[CV_HASH_BYTES];
  const guint8 *actor = (const guint8 *) self->actor;
  cv_hkdf ((const guint8 *) key, strlen (key), actor, strlen (self->actor), (const guint8 *) PURPOSE " key",
           strlen (PURPOSE " key"), self->key, sizeof self->key);
  cv_hkdf ((const guint8 *) key, strlen (key), actor, strlen (self->actor), (const guint8 *) PURPOSE " id",
           strlen (PURPOSE " id"), id, sizeof id);
  self->id = cv_base64url_encode (id, sizeof id);
}

/* Method, path and body; whatever name the server was called by. */
static void
hash_request (CvOnce *self, SoupServerMessage *message)
{
  g_autoptr (GBytes) body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  GUri *uri = soup_server_message_get_uri (message);
  g_autofree char *address = g_strjoin ("?", g_uri_get_path (uri), g_uri_get_query (uri), NULL);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  const char *method = soup_server_message_get_method (message);
  gsize n = 0;
  const guint8 *data = g_bytes_get_data (body, &n);
  g_byte_array_append (bytes, (const guint8 *) method, strlen (method) + 1);
  g_byte_array_append (bytes, (const guint8 *) address, strlen (address) + 1);
  if (n > 0)
    g_byte_array_append (bytes, data, n);
  cv_hash (bytes->data, bytes->len, self->request);
}

static CvOnce *
once_new (CvOnces *all, const CvApiRequest *request, const char *key, void (*handle) (const CvApiRequest *))
{
  CvOnce *self = g_new0 (CvOnce, 1);
  self->references = 1;
  self->all = all;
  all->references++;
  self->actor = g_strdup (request->actor);
  self->handle = handle;
  self->waiting = g_ptr_array_new ();
  derive (self, key);
  hash_request (self, request->message);
  return self;
}

static void start (CvApiPending *pending);

CvOnce *
cv_once_ref (CvOnce *self)
{
  self->references++;
  return self;
}

void
cv_once_unref (CvOnce *self)
{
  if (--self->references > 0)
    return;
  if (g_hash_table_lookup (self->all->busy, self->id) == self)
    g_hash_table_remove (self->all->busy, self->id);
  for (guint i = 0; i < self->waiting->len; i++)
    start (g_ptr_array_index (self->waiting, i));
  g_ptr_array_unref (self->waiting);
  onces_unref (self->all);
  g_free (self->actor);
  g_free (self->id);
  cv_wipe (self->key, sizeof self->key);
  g_free (self);
}

gboolean
cv_once_goes_on (CvOnce *self)
{
  return self->handled && !self->all->closed;
}

/* ---- what it is answered ---- */

static void
respond_again (CvApiPending *pending, const CvRepeatRow *row)
{
  const CvOnce *self = pending->request.once;
  char *body = unseal (self, row->body);
  if (!cv_bytes_equal (self->request, row->request, CV_HASH_BYTES)) {
    cv_http_respond_problem (pending->message, CV_PROBLEM_KEY_REUSED);
  } else if (body != NULL && *body != '\0') {
    cv_http_respond_json (pending->message, row->status, g_steal_pointer (&body));
  } else {
    soup_server_message_set_status (pending->message, row->status, NULL);
  }
  g_free (body);
}

static void
answer_found (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  CvOnce *self = pending->request.once;
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRepeatRow) row = cv_repeats_find_finish (source, result, &error);
  if (row != NULL) {
    respond_again (pending, row);
  } else if (!g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING)) {
    cv_api_respond_error (pending->message, error);
  } else {
    self->handled = TRUE;
    cv_api_hand_on (pending);
    self->handle (&pending->request);
  }
}

/* Looks whether it was answered, unless it is being worked on. */
static void
start (CvApiPending *pending)
{
  CvOnce *self = pending->request.once;
  CvOnces *all = self->all;
  CvOnce *other = g_hash_table_lookup (all->busy, self->id);
  if (other != NULL) {
    g_ptr_array_add (other->waiting, pending);
    return;
  }
  g_hash_table_insert (all->busy, self->id, self);
  cv_repeats_find_async (all->store, self->actor, self->id, cv_clock_wall (all->clock), cv_api_answer, pending);
}

static gboolean
is_key (const char *text)
{
  gsize n = strnlen (text, CV_ONCE_MAX_KEY + 1);
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  return n >= 1 && n <= CV_ONCE_MAX_KEY;
}

void
cv_once_handle (CvOnces *self, const CvApiRequest *request, void (*handle) (const CvApiRequest *))
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (request->message);
  const char *key = soup_message_headers_get_one (headers, HEADER);
  gboolean post = g_str_equal (soup_server_message_get_method (request->message), "POST");
  if (key == NULL || !post || request->role == CV_ACCOUNT_NOBODY) {
    handle (request);
    return;
  }
  if (!is_key (key)) {
    cv_http_respond_problem (request->message, CV_PROBLEM_BAD_MESSAGE);
    return;
  }
  CvApiRequest known = *request;
  known.once = once_new (self, request, key, handle);
  CvApiPending *pending = cv_api_pause (&known, answer_found);
  cv_once_unref (known.once); /* the pending request has it now */
  start (pending);
}

/* ---- what is kept ---- */

typedef struct {
  GSourceOnceFunc done;
  gpointer user_data;
} Keeping;

static void
on_kept (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Keeping *keeping = user_data;
  g_autoptr (GError) error = NULL;
  /* done it is; who asks again is told what there is then */
  if (!cv_repeats_insert_finish (CV_STORE (source), result, &error))
    cv_warning (NULL, NULL, "an answer was not kept: %s", error->message);
  keeping->done (keeping->user_data);
}

gboolean
cv_once_keep (CvOnce *self, SoupServerMessage *message, GSourceOnceFunc done, gpointer user_data)
{
  guint status = soup_server_message_get_status (message);
  if (!self->handled || status == 0 || status >= 500 || status == TOO_MANY_REQUESTS)
    return FALSE;
  g_autoptr (GBytes) body = soup_message_body_flatten (soup_server_message_get_response_body (message));
  gsize n = 0;
  const char *text = g_bytes_get_data (body, &n);
  g_autofree char *sealed = seal (self, n > 0 ? text : "", n);
  Keeping *keeping = g_new (Keeping, 1);
  CvRepeatRow row = {
    .actor = self->actor, .key = self->id, .created = cv_clock_wall (self->all->clock), .status = status, .body = sealed
  };
  memcpy (row.request, self->request, sizeof row.request);
  *keeping = (Keeping){ done, user_data };
  cv_repeats_insert_async (self->all->store, &row, on_kept, keeping);
  return TRUE;
}
