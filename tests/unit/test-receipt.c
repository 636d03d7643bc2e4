/* Receipts: what goes in comes out, nothing that was changed is taken, and whose history of a link holds. */
#include "room/receipt.h"

#include "lib/rooms.h"

#include <string.h>

#define NOW CV_TEST_NOW
#define DAY (G_GINT64_CONSTANT (24) * 3600 * 1000)

static const guint8 key[CV_HASH_BYTES] = "what only the server has";

static CvReceipt *
make (gint64 generation)
{
  CvReceipt *self = g_new0 (CvReceipt, 1);
  self->row = cv_test_room_row (CV_TEST_ROOM, "otr");
  self->row->created = NOW - DAY;
  self->row->lobby = TRUE;
  self->row->orders = g_strdup ("{\"mac\":\"x\"}");
  self->row->generation = generation;
  self->issued = NOW;
  self->until = NOW + DAY;
  self->meeting = g_strdup ("maaaaaaaaaaaa");
  self->person = g_strdup ("pbbbbbbbbbbbb");
  for (gint64 i = 0; i < MIN (generation, CV_RECEIPT_MAX_GENERATIONS); i++)
    self->began[i] = NOW - DAY + i;
  return self;
}

static void
test_same (void)
{
  for (gint64 generation = 0; generation <= CV_RECEIPT_MAX_GENERATIONS; generation += 32) {
    g_autoptr (CvReceipt) one = make (generation);
    g_autofree char *text = cv_receipt_to_text (one, key);
    g_autoptr (CvReceipt) again = cv_receipt_parse (text, key, NOW);
    g_assert_nonnull (again);
    g_assert_cmpstr (again->row->id, ==, CV_TEST_ROOM);
    g_assert_cmpstr (again->row->kind, ==, "otr");
    g_assert_cmpstr (again->row->title, ==, "");
    g_assert_cmpstr (again->row->orders, ==, one->row->orders);
    g_assert_cmpmem (again->row->join_verifier, CV_VERIFIER_BYTES, one->row->join_verifier, CV_VERIFIER_BYTES);
    g_assert_cmpmem (again->row->host_verifier, CV_VERIFIER_BYTES, one->row->host_verifier, CV_VERIFIER_BYTES);
    g_assert_cmpint (again->row->created, ==, NOW - DAY);
    g_assert_true (again->row->lobby);
    g_assert_cmpint (again->row->generation, ==, generation);
    g_assert_cmpint (again->issued, ==, NOW);
    g_assert_cmpint (again->until, ==, NOW + DAY);
    g_assert_cmpstr (again->meeting, ==, "maaaaaaaaaaaa");
    g_assert_cmpstr (again->person, ==, "pbbbbbbbbbbbb");
    g_assert_cmpmem (again->began, sizeof again->began, one->began, sizeof one->began);
  }
}

static void
test_longest (void)
{
  g_autoptr (CvReceipt) one = make (CV_RECEIPT_MAX_GENERATIONS);
  g_free (one->row->orders);
  one->row->orders = g_strnfill (1024, 'o');
  g_autofree char *text = cv_receipt_to_text (one, key);
  g_assert_cmpuint (strlen (text), <=, CV_RECEIPT_MAX_CHARACTERS);
  g_autoptr (CvReceipt) again = cv_receipt_parse (text, key, NOW);
  g_assert_nonnull (again);
  one->row->generation++;
  g_assert_null (cv_receipt_to_text (one, key));
}

static void
test_changed (void)
{
  g_autoptr (CvReceipt) one = make (2);
  g_autofree char *text = cv_receipt_to_text (one, key);
  g_autofree char *half = g_strndup (text, strlen (text) / 2);
  g_autofree char *twice = g_strconcat (text, text, NULL);
  g_autofree char *endless = g_strnfill (CV_RECEIPT_MAX_CHARACTERS + 1, 'A');
  const char *const bad[] = { "", "A", half, twice, endless, "!" };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (cv_receipt_parse (bad[i], key, NOW));
  for (gsize i = 0; i < strlen (text); i++) {
    g_autofree char *other = g_strdup (text);
    other[i] = other[i] == 'A' ? 'B' : 'A';
    g_assert_null (cv_receipt_parse (other, key, NOW));
  }
  const guint8 another[CV_HASH_BYTES] = "what another server has";
  g_assert_null (cv_receipt_parse (text, another, NOW));
}

static void
test_expires (void)
{
  g_autoptr (CvReceipt) one = make (0);
  g_autofree char *text = cv_receipt_to_text (one, key);
  g_autoptr (CvReceipt) late = cv_receipt_parse (text, key, NOW + 30 * DAY - 1);
  g_assert_nonnull (late);
  g_assert_null (cv_receipt_parse (text, key, NOW + 30 * DAY));
}

/* One of a room that is planned for is good for as long. */
static void
test_planned (void)
{
  g_autoptr (CvReceipt) one = make (0);
  one->until = NOW + 90 * DAY;
  g_autofree char *text = cv_receipt_to_text (one, key);
  g_autoptr (CvReceipt) late = cv_receipt_parse (text, key, NOW + 90 * DAY - 1);
  g_assert_nonnull (late);
  g_assert_null (cv_receipt_parse (text, key, NOW + 90 * DAY));
}

/* Without a MAC it is as good, and no longer, nor with anything behind it. */
static void
test_bytes (void)
{
  g_autoptr (CvReceipt) one = make (2);
  g_autoptr (GByteArray) bytes = cv_receipt_to_bytes (one);
  g_autoptr (CvReceipt) again = cv_receipt_from_bytes (bytes->data, bytes->len, NOW);
  g_assert_nonnull (again);
  g_assert_cmpint (again->began[1], ==, one->began[1]);
  g_assert_null (cv_receipt_from_bytes (bytes->data, bytes->len, NOW + 30 * DAY));
  for (gsize n = 0; n < bytes->len; n++)
    g_assert_null (cv_receipt_from_bytes (bytes->data, n, NOW));
  g_byte_array_append (bytes, (const guint8 *) "", 1);
  g_assert_null (cv_receipt_from_bytes (bytes->data, bytes->len, NOW));
}

static CvReceipt *
parse_with (const char *kind, const char *id, const char *meeting, const char *person)
{
  g_autoptr (CvReceipt) one = make (0);
  g_free (one->row->kind);
  g_free (one->row->id);
  g_free (one->meeting);
  g_free (one->person);
  one->row->kind = g_strdup (kind);
  one->row->id = g_strdup (id);
  one->meeting = g_strdup (meeting);
  one->person = g_strdup (person);
  g_autofree char *text = cv_receipt_to_text (one, key);
  return cv_receipt_parse (text, key, NOW);
}

/* Also what has the right MAC. */
static void
test_sound (void)
{
  g_autoptr (CvReceipt) nobodys = parse_with ("otr", CV_TEST_ROOM, NULL, NULL);
  g_assert_true (nobodys != NULL && nobodys->meeting == NULL && nobodys->person == NULL);
  g_assert_null (parse_with ("boardroom", CV_TEST_ROOM, NULL, NULL));
  g_assert_null (parse_with ("castle", CV_TEST_ROOM, NULL, NULL));
  g_assert_null (parse_with ("otr", "ABCDEFGHIJKM", NULL, NULL));
  g_assert_null (parse_with ("otr", CV_TEST_ROOM, "maaaaaaaaaaaa", NULL));
  g_assert_null (parse_with ("otr", CV_TEST_ROOM, "maaaaaaaaaaaa", "xbbbbbbbbbbbb"));
}

static void
test_outranks (void)
{
  const gint64 one[] = { 10, 20, 30 }, other[] = { 10, 25, 26, 27 };
  g_assert_false (cv_receipt_outranks (one, 3, one, 3));
  g_assert_true (cv_receipt_outranks (one, 3, one, 2));
  g_assert_true (cv_receipt_outranks (one, 1, one, 0));
  g_assert_false (cv_receipt_outranks (one, 2, one, 3));
  /* however far the others have gone on since */
  g_assert_true (cv_receipt_outranks (one, 2, other, 4));
  g_assert_false (cv_receipt_outranks (other, 4, one, 2));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/receipt/same", test_same);
  g_test_add_func ("/receipt/longest", test_longest);
  g_test_add_func ("/receipt/changed", test_changed);
  g_test_add_func ("/receipt/expires", test_expires);
  g_test_add_func ("/receipt/planned", test_planned);
  g_test_add_func ("/receipt/bytes", test_bytes);
  g_test_add_func ("/receipt/sound", test_sound);
  g_test_add_func ("/receipt/outranks", test_outranks);
  return g_test_run ();
}
