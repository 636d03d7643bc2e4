/* Bytes and descriptors into messages: cuts anywhere, bounds, descriptors that belong to nobody. */
#include "ipc/inbox.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void
push (CvInbox *inbox, const char *text)
{
  cv_inbox_push (inbox, (const guint8 *) text, strlen (text));
}

static void
assert_next (CvInbox *inbox, const char *type)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvParcel) message = cv_inbox_next (inbox, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (message != NULL ? message->type : NULL, ==, type);
}

static void
assert_broken (CvInbox *inbox, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cv_inbox_next (inbox, &error));
  g_assert_error (error, CV_JSON_ERROR, code);
}

static void
push_fds (CvInbox *inbox, guint n)
{
  int fds[CV_PARCEL_MAX_FDS];

  for (guint i = 0; i < n; i++)
    fds[i] = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  g_assert_true (cv_inbox_push_fds (inbox, fds, n));
}

static void
test_cuts (void)
{
  const char *text = "{\"type\":\"a\"}\n{\"type\":\"b\"}\n";
  gsize n = strlen (text);

  for (gsize cut = 0; cut <= n; cut++) {
    CvInbox inbox;
    g_autofree char *head = g_strndup (text, cut);

    cv_inbox_init (&inbox);
    push (&inbox, head);
    if (cut > n / 2 - 1)
      assert_next (&inbox, "a");
    if (cut == n)
      assert_next (&inbox, "b");
    assert_next (&inbox, NULL);
    push (&inbox, text + cut);
    if (cut <= n / 2 - 1)
      assert_next (&inbox, "a");
    if (cut < n)
      assert_next (&inbox, "b");
    assert_next (&inbox, NULL);
    cv_inbox_clear (&inbox);
  }
}

static void
test_bounds (void)
{
  g_autofree char *half = g_strnfill (CV_PARCEL_MAX_BYTES / 2, ' ');
  CvInbox inbox;

  cv_inbox_init (&inbox);
  push (&inbox, half);
  push (&inbox, half);
  assert_next (&inbox, NULL);
  push (&inbox, " ");
  assert_broken (&inbox, CV_JSON_ERROR_LIMIT);
  push (&inbox, "\n");
  assert_broken (&inbox, CV_JSON_ERROR_LIMIT);
  cv_inbox_clear (&inbox);

  cv_inbox_init (&inbox);
  push (&inbox, "\n");
  assert_broken (&inbox, CV_JSON_ERROR_SYNTAX);
  cv_inbox_clear (&inbox);
}

static void
test_fds (void)
{
  CvInbox inbox;
  g_autoptr (CvParcel) first = NULL;
  g_autoptr (CvParcel) second = NULL;

  cv_inbox_init (&inbox);
  /* with the first bytes of the second message, whose end comes later */
  push_fds (&inbox, 2);
  push (&inbox, "{\"type\":\"a\"}\n{\"type\":\"b\",");
  first = cv_inbox_next (&inbox, NULL);
  g_assert_cmpuint (first->n_fds, ==, 0);
  assert_next (&inbox, NULL);
  push (&inbox, "\"fds\":2}\n");
  second = cv_inbox_next (&inbox, NULL);
  g_assert_cmpuint (second->n_fds, ==, 2);
  g_assert_cmpint (fcntl (second->fds[0], F_GETFD), ==, FD_CLOEXEC);
  g_assert_cmpint (fcntl (second->fds[1], F_GETFD), ==, FD_CLOEXEC);
  assert_next (&inbox, NULL);
  cv_inbox_clear (&inbox);
}

static void
test_fds_broken (void)
{
  CvInbox inbox;
  int fd;

  cv_inbox_init (&inbox);
  push (&inbox, "{\"type\":\"a\",\"fds\":1}\n");
  assert_broken (&inbox, CV_JSON_ERROR_MEMBER); /* fewer than it says */
  cv_inbox_clear (&inbox);

  cv_inbox_init (&inbox);
  push_fds (&inbox, CV_PARCEL_MAX_FDS);
  push (&inbox, "{\"type\":\"a\",\"fds\":7}\n");
  assert_next (&inbox, "a");
  assert_broken (&inbox, CV_JSON_ERROR_MEMBER); /* one is nobody's */
  fd = inbox.fds[0];
  cv_inbox_clear (&inbox);
  g_assert_cmpint (fcntl (fd, F_GETFD), ==, -1);

  cv_inbox_init (&inbox);
  push_fds (&inbox, CV_PARCEL_MAX_FDS);
  fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  g_assert_false (cv_inbox_push_fds (&inbox, &fd, 1));
  g_assert_cmpint (fcntl (fd, F_GETFD), ==, -1);
  cv_inbox_clear (&inbox);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/inbox/cuts", test_cuts);
  g_test_add_func ("/inbox/bounds", test_bounds);
  g_test_add_func ("/inbox/fds", test_fds);
  g_test_add_func ("/inbox/fds-broken", test_fds_broken);
  return g_test_run ();
}
