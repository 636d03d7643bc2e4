/* What was said, and how much of it is kept. */
#include "room/chat.h"

static CvChatMessage *
say (CvChat *chat, const char *text)
{
  return cv_chat_add (chat, "paaaaaaaaaaaa", "Ann", text, 1700);
}

static guint64
first (CvChat *chat)
{
  return ((CvChatMessage *) g_queue_peek_head (cv_chat_get_kept (chat)))->n;
}

static void
test_add (void)
{
  g_autoptr (CvChat) chat = cv_chat_new (TRUE);
  char text[] = "Hello";
  CvChatMessage *message = say (chat, text);
  text[0] = 'J';
  g_assert_cmpuint (message->n, ==, 1);
  g_assert_cmpstr (message->from, ==, "paaaaaaaaaaaa");
  g_assert_cmpstr (message->name, ==, "Ann");
  g_assert_cmpstr (message->text, ==, "Hello");
  g_assert_cmpint (message->at, ==, 1700);
  g_assert_cmpuint (say (chat, "again")->n, ==, 2);
  cv_chat_trim (chat);
  g_assert_cmpuint (cv_chat_get_kept (chat)->length, ==, 2);
}

static void
test_trim_by_count (void)
{
  g_autoptr (CvChat) chat = cv_chat_new (TRUE);
  for (guint i = 0; i < CV_CHAT_MAX_KEPT + 3; i++)
    say (chat, "x");
  cv_chat_trim (chat);
  g_assert_cmpuint (cv_chat_get_kept (chat)->length, ==, CV_CHAT_MAX_KEPT);
  g_assert_cmpuint (first (chat), ==, 4);
}

static void
test_trim_by_bytes (void)
{
  g_autoptr (CvChat) chat = cv_chat_new (TRUE);
  g_autofree char *half = g_strnfill (CV_CHAT_MAX_KEPT_BYTES / 2, 'x');
  say (chat, half);
  say (chat, half);
  cv_chat_trim (chat);
  g_assert_cmpuint (first (chat), ==, 1);
  say (chat, "y");
  cv_chat_trim (chat);
  g_assert_cmpuint (first (chat), ==, 2);
}

static void
test_keeps_nothing (void)
{
  g_autoptr (CvChat) chat = cv_chat_new (FALSE);
  g_assert_cmpuint (say (chat, "x")->n, ==, 1);
  cv_chat_trim (chat);
  g_assert_true (g_queue_is_empty (cv_chat_get_kept (chat)));
  g_assert_cmpuint (say (chat, "x")->n, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chat/add", test_add);
  g_test_add_func ("/chat/trim-by-count", test_trim_by_count);
  g_test_add_func ("/chat/trim-by-bytes", test_trim_by_bytes);
  g_test_add_func ("/chat/keeps-nothing", test_keeps_nothing);
  return g_test_run ();
}
