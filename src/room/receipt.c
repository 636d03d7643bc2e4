/* See receipt.h. */
#include "room/receipt.h"

#include "room/policy.h"

#include <string.h>

#define VERSION 2
#define MAX_KIND 16
#define MAX_ORDERS 1024
#define PURPOSE "conclave-receipt-1"
/* 2^53: what fits a double fits the rest of us */
#define MAX_TIME (G_GINT64_CONSTANT (1) << 53)

G_STATIC_ASSERT ((1 + 8 + 8 + 8 + 1 + 1 + MAX_KIND + 1 + CV_ID_LETTERS + 2 * CV_VERIFIER_BYTES +
                  2 * (2 + CV_ID_LETTERS) + 2 + MAX_ORDERS + 1 + 8 * CV_RECEIPT_MAX_GENERATIONS + CV_HASH_BYTES + 2) /
                   3 * 4 <=
                 CV_RECEIPT_MAX_CHARACTERS);

void
cv_receipt_free (CvReceipt *self)
{
  g_clear_pointer (&self->row, cv_room_row_free);
  g_free (self->meeting);
  g_free (self->person);
  g_free (self);
}

static void
compute_mac (const guint8 key[CV_HASH_BYTES], const guint8 *data, gsize n, guint8 mac[CV_HASH_BYTES])
{
  gsize length = CV_HASH_BYTES;
  GHmac *hmac = g_hmac_new (G_CHECKSUM_SHA256, key, CV_HASH_BYTES);
  g_hmac_update (hmac, (const guint8 *) PURPOSE, sizeof PURPOSE);
  g_hmac_update (hmac, data, (gssize) n);
  g_hmac_get_digest (hmac, mac, &length);
  g_hmac_unref (hmac);
}

/* ---- writing ---- */

static void
add_number (GByteArray *bytes, guint64 number, guint n)
{
  for (guint i = 0; i < n; i++) {
    guint8 byte = (guint8) (number >> (8 * (n - 1 - i)));
    g_byte_array_append (bytes, &byte, 1);
  }
}

/* NULL is as "". */
static void
add_text (GByteArray *bytes, const char *text, guint length_bytes)
{
  gsize n = text != NULL ? strlen (text) : 0;
  add_number (bytes, n, length_bytes);
  g_byte_array_append (bytes, (const guint8 *) (text != NULL ? text : ""), (guint) n);
}

GByteArray *
cv_receipt_to_bytes (const CvReceipt *self)
{
  const CvRoomRow *row = self->row;
  if (row->generation > CV_RECEIPT_MAX_GENERATIONS)
    return NULL;
  GByteArray *bytes = g_byte_array_new ();
  add_number (bytes, VERSION, 1);
  add_number (bytes, (guint64) self->issued, 8);
  add_number (bytes, (guint64) row->created, 8);
  add_number (bytes, (guint64) self->until, 8);
  add_number (bytes, row->lobby, 1);
  add_text (bytes, row->kind, 1);
  g_byte_array_append (bytes, (const guint8 *) row->id, CV_ID_LETTERS);
  g_byte_array_append (bytes, row->join_verifier, CV_VERIFIER_BYTES);
  g_byte_array_append (bytes, row->host_verifier, CV_VERIFIER_BYTES);
  add_text (bytes, self->meeting, 1);
  add_text (bytes, self->person, 1);
  add_text (bytes, row->orders, 2);
  add_number (bytes, (guint64) row->generation, 1);
  for (gint64 i = 0; i < row->generation; i++)
    add_number (bytes, (guint64) self->began[i], 8);
  return bytes;
}

char *
cv_receipt_to_text (const CvReceipt *self, const guint8 key[CV_HASH_BYTES])
{
  guint8 mac[CV_HASH_BYTES];
  g_autoptr (GByteArray) bytes = cv_receipt_to_bytes (self);
  if (bytes == NULL)
    return NULL;
  compute_mac (key, bytes->data, bytes->len, mac);
  g_byte_array_append (bytes, mac, sizeof mac);
  return cv_base64url_encode (bytes->data, bytes->len);
}

/* ---- reading ---- */

/* What is left to be read. A failure sticks. */
typedef struct {
  const guint8 *data;
  gsize n;
  gboolean failed;
} Reader;

/* Borrowed; NULL where there are not so many. */
static const guint8 *
take (Reader *self, gsize n)
{
  const guint8 *data = self->data;
  if (self->failed || self->n < n) {
    self->failed = TRUE;
    return NULL;
  }
  self->data += n;
  self->n -= n;
  return data;
}

static guint64
take_number (Reader *self, guint n, guint64 max)
{
  const guint8 *bytes = take (self, n);
  guint64 number = 0;
  for (guint i = 0; bytes != NULL && i < n; i++)
    number = number << 8 | bytes[i];
  if (number > max)
    self->failed = TRUE;
  return self->failed ? 0 : number;
}

static void
take_bytes (Reader *self, guint8 *out, gsize n)
{
  const guint8 *bytes = take (self, n);
  if (bytes != NULL)
    memcpy (out, bytes, n);
}

/* Returns: (transfer full), NULL for "" and with a failure. */
static char *
take_text (Reader *self, guint length_bytes, gsize max)
{
  gsize n = take_number (self, length_bytes, max);
  const guint8 *bytes = take (self, n);
  if (bytes == NULL || n == 0)
    return NULL;
  if (memchr (bytes, '\0', n) != NULL)
    self->failed = TRUE;
  return g_strndup ((const char *) bytes, n);
}

static void
read_all (Reader *reader, CvReceipt *self)
{
  CvRoomRow *row = self->row = g_new0 (CvRoomRow, 1);
  if (take_number (reader, 1, G_MAXUINT8) != VERSION)
    reader->failed = TRUE;
  self->issued = (gint64) take_number (reader, 8, MAX_TIME);
  row->created = (gint64) take_number (reader, 8, MAX_TIME);
  self->until = (gint64) take_number (reader, 8, MAX_TIME);
  row->lobby = take_number (reader, 1, 1) != 0;
  row->kind = take_text (reader, 1, MAX_KIND);
  const guint8 *id = take (reader, CV_ID_LETTERS);
  row->id = g_strndup (id != NULL ? (const char *) id : "", CV_ID_LETTERS);
  row->title = g_strdup ("");
  take_bytes (reader, row->join_verifier, CV_VERIFIER_BYTES);
  take_bytes (reader, row->host_verifier, CV_VERIFIER_BYTES);
  self->meeting = take_text (reader, 1, 1 + CV_ID_LETTERS);
  self->person = take_text (reader, 1, 1 + CV_ID_LETTERS);
  row->orders = take_text (reader, 2, MAX_ORDERS);
  row->generation = (gint64) take_number (reader, 1, CV_RECEIPT_MAX_GENERATIONS);
  for (gint64 i = 0; i < row->generation; i++)
    self->began[i] = (gint64) take_number (reader, 8, MAX_TIME);
  row->keep_days = row->keep_content_days = CV_ROOM_KEEP_DEFAULT;
}

/* Whatever has our MAC we have written; a key that got out must not reach any further than rooms. */
static gboolean
is_sound (const CvReceipt *self)
{
  const CvPolicy *policy = self->row->kind != NULL ? cv_policy_find (self->row->kind) : NULL;
  gboolean seat = cv_id_is_valid (self->meeting, "m") && cv_id_is_valid (self->person, "p");
  return policy != NULL && policy->topology == CV_TOPOLOGY_P2P && cv_id_is_valid (self->row->id, "") &&
         (seat || (self->meeting == NULL && self->person == NULL));
}

CvReceipt *
cv_receipt_from_bytes (const guint8 *data, gsize n, gint64 now)
{
  Reader reader = { data, n, FALSE };
  g_autoptr (CvReceipt) self = g_new0 (CvReceipt, 1);
  read_all (&reader, self);
  if (reader.failed || reader.n > 0 || !is_sound (self) || now >= MAX (self->issued + CV_RECEIPT_KEEP_MS, self->until))
    return NULL;
  return g_steal_pointer (&self);
}

CvReceipt *
cv_receipt_parse (const char *text, const guint8 key[CV_HASH_BYTES], gint64 now)
{
  gsize letters = strnlen (text, CV_RECEIPT_MAX_CHARACTERS + 1), n = letters * 3 / 4;
  guint8 mac[CV_HASH_BYTES];
  if (letters > CV_RECEIPT_MAX_CHARACTERS || n < CV_HASH_BYTES)
    return NULL;
  g_autofree guint8 *bytes = g_malloc (n);
  if (!cv_base64url_decode (text, bytes, n))
    return NULL;
  compute_mac (key, bytes, n - CV_HASH_BYTES, mac);
  if (!cv_bytes_equal (mac, bytes + n - CV_HASH_BYTES, sizeof mac))
    return NULL;
  return cv_receipt_from_bytes (bytes, n - CV_HASH_BYTES, now);
}

gboolean
cv_receipt_outranks (const gint64 *a, gsize n_a, const gint64 *b, gsize n_b)
{
  for (gsize i = 0; i < MIN (n_a, n_b); i++)
    if (a[i] != b[i])
      return a[i] < b[i];
  return n_a > n_b;
}
