/* See vouchers.h. */
#include "signalling/vouchers.h"

typedef struct {
  CvSecretHash hash;
  char *document;
  gint64 expires; /* µs, monotonic */
} Voucher;

struct _CvVouchers {
  CvClock *clock;
  GHashTable *all; /* CvSecretHash (in the voucher) → Voucher, borrowed */
  GQueue queue;    /* of Voucher, owned, oldest first */
};

static void
voucher_free (gpointer data)
{
  Voucher *self = data;
  g_free (self->document);
  g_free (self);
}

CvVouchers *
cv_vouchers_new (CvClock *clock)
{
  CvVouchers *self = g_new0 (CvVouchers, 1);
  self->clock = g_object_ref (clock);
  self->all = g_hash_table_new (cv_secret_hash_hash, cv_secret_hash_equal);
  g_queue_init (&self->queue);
  return self;
}

void
cv_vouchers_free (CvVouchers *self)
{
  g_hash_table_unref (self->all);
  g_queue_clear_full (&self->queue, voucher_free);
  g_object_unref (self->clock);
  g_free (self);
}

static void
drop_old (CvVouchers *self)
{
  gint64 now = cv_clock_now (self->clock);
  for (Voucher *oldest = g_queue_peek_head (&self->queue);
       oldest != NULL && (oldest->expires <= now || self->queue.length >= CV_VOUCHERS_MAX);
       oldest = g_queue_peek_head (&self->queue)) {
    g_hash_table_remove (self->all, &oldest->hash);
    voucher_free (g_queue_pop_head (&self->queue));
  }
}

char *
cv_vouchers_draw (CvVouchers *self, const char *document)
{
  Voucher *voucher = g_new0 (Voucher, 1);
  drop_old (self);
  char *text = cv_secret_draw (&voucher->hash);
  voucher->document = g_strdup (document);
  voucher->expires = cv_clock_now (self->clock) + CV_VOUCHER_MS * G_GINT64_CONSTANT (1000);
  g_hash_table_insert (self->all, &voucher->hash, voucher);
  g_queue_push_tail (&self->queue, voucher);
  return text;
}

const char *
cv_vouchers_find (CvVouchers *self, const char *secret)
{
  guint8 bytes[CV_SECRET_BYTES];
  if (!cv_base64url_decode (secret, bytes, sizeof bytes))
    return NULL;
  CvSecretHash hash = cv_secret_get_hash (bytes);
  const Voucher *voucher = g_hash_table_lookup (self->all, &hash);
  return voucher != NULL && voucher->expires > cv_clock_now (self->clock) ? voucher->document : NULL;
}
