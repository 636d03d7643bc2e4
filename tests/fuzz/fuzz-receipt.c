/* Fuzz target of receipts (libFuzzer).
 *
 * The first byte says what the others are: 's' what comes before the MAC, which is made here with the right key; else a whole receipt as text. What is
 * taken keeps to all bounds, and says the same when it is written anew.
 */
#include "room/policy.h"
#include "room/receipt.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1700000000000)
#define PURPOSE "conclave-receipt-1"

static const guint8 key[CV_HASH_BYTES] = "an old pond, a frog jumps in";

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

/* Returns: (transfer full). */
static char *
seal (const guint8 *data, gsize n)
{
  gsize length = CV_HASH_BYTES;
  g_autofree guint8 *bytes = g_malloc (n + length);
  GHmac *hmac = g_hmac_new (G_CHECKSUM_SHA256, key, sizeof key);
  g_hmac_update (hmac, (const guint8 *) PURPOSE, sizeof PURPOSE);
  g_hmac_update (hmac, data, (gssize) n);
  memcpy (bytes, data, n);
  g_hmac_get_digest (hmac, bytes + n, &length);
  g_hmac_unref (hmac);
  return cv_base64url_encode (bytes, n + length);
}

static void
assert_bounds (const CvReceipt *receipt)
{
  const CvPolicy *policy = cv_policy_find (receipt->row->kind);
  g_assert_true (policy != NULL && !policy->keeps_rows);
  g_assert_true (cv_id_is_valid (receipt->row->id, ""));
  g_assert_true (receipt->meeting == NULL || cv_id_is_valid (receipt->meeting, "m"));
  g_assert_true (receipt->person == NULL || cv_id_is_valid (receipt->person, "p"));
  g_assert_true (receipt->row->generation >= 0 && receipt->row->generation <= CV_RECEIPT_MAX_GENERATIONS);
  g_assert_true (NOW < MAX (receipt->issued + CV_RECEIPT_KEEP_MS, receipt->until)); /* a room that is planned for */
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  if (n < 1)
    return 0;
  g_autofree char *text = data[0] == 's' ? seal (data + 1, n - 1) : g_strndup ((const char *) data + 1, n - 1);
  g_autoptr (CvReceipt) receipt = cv_receipt_parse (text, key, NOW);
  if (receipt == NULL)
    return 0;
  assert_bounds (receipt);
  g_autofree char *again = cv_receipt_to_text (receipt, key);
  g_assert_cmpstr (again, ==, text);
  return 0;
}
