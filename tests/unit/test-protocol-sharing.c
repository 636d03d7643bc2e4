/* The messages of what people share. */
#include "signalling/protocol-sharing.h"

#include "lib/operations.h"

#include <string.h>

static gboolean
parse (CvMessage *message, const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (GError) error = NULL;
  return cv_message_parse (message, json, strlen (json), &error);
}

static void
test_change (void)
{
  g_auto (CvMessage) message = { 0 };
  g_assert_true (parse (&message,
                        "{'type':'change','id':1,'ops':[{'o':'m1','t':'message','c':1,'a':'p1','f':{'text':'x'}},"
                        "{'o':'m1','t':'message','c':2,'a':'p1','f':{'gone':true}}]}"));
  g_assert_cmpuint (message.ops->len, ==, 2);
  g_assert_true (((CvOperation *) g_ptr_array_index (message.ops, 1))->gone);
  const char *const bad[] = {
    "{'type':'change','id':1,'ops':[]}",
    "{'type':'change','id':1,'ops':[1]}",
    "{'type':'change','id':1,'ops':[{'o':'m1','t':'message','c':1,'a':'p1','f':{'text':'x'}},{}]}",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_auto (CvMessage) other = { 0 };
    g_assert_false (parse (&other, bad[i]));
  }
}

static void
test_poll_vote (void)
{
  g_auto (CvMessage) message = { 0 };
  g_assert_true (parse (&message, "{'type':'poll-vote','id':1,'poll':'p1','choices':[0,3]}"));
  g_assert_cmpstr (message.poll, ==, "p1");
  g_assert_cmpuint (message.choices, ==, 9);
  const char *const bad[] = {
    "{'type':'poll-vote','id':1,'poll':'p 1','choices':[0]}",
    "{'type':'poll-vote','id':1,'poll':'p1','choices':[0,0]}",
    "{'type':'poll-vote','id':1,'poll':'p1','choices':[10]}",
    "{'type':'poll-vote','id':1,'poll':'p1','choices':['0']}",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_auto (CvMessage) other = { 0 };
    g_assert_false (parse (&other, bad[i]));
  }
}

static char *
take_text (GBytes *body)
{
  char *text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  g_bytes_unref (body);
  return text;
}

static void
test_changes (void)
{
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_operation_free);
  g_ptr_array_add (ops, operation_new ("{'o':'i1','t':'item','c':1,'a':'p1','f':{'done':true}}"));
  g_autofree char *one = take_text (cv_message_changes (NULL, ops));
  g_autofree char *two = take_text (cv_message_changes (ops, ops));
#define OP "{\"o\":\"i1\",\"t\":\"item\",\"c\":1,\"a\":\"p1\",\"f\":{\"done\":true}}"
  g_assert_cmpstr (one, ==, "{\"type\":\"changes\",\"ops\":[" OP "]}");
  g_assert_cmpstr (two, ==, "{\"type\":\"changes\",\"ops\":[" OP "," OP "]}");
}

/* In pieces; what there is none of is one as well. */
static void
test_model (void)
{
  g_autoptr (CvModel) model = cv_model_new ();
  guint from = 0;
  g_autofree char *empty = take_text (cv_message_model (model, &from));
  g_assert_cmpstr (empty, ==, "{\"type\":\"model\",\"ops\":[],\"more\":false}");
  g_autofree char *text = g_strnfill (4000, 'x');
  for (guint i = 0; i < 10; i++) {
    g_autofree char *id = g_strdup_printf ("b%u", i);
    g_autoptr (CvOperation) operation = cv_operation_new (id, CV_MODEL_BLOCK, i + 1, "p1");
    cv_operation_set_text (operation, "text", text);
    g_assert_true (cv_model_apply (model, operation, NULL, NULL));
  }
  g_autofree char *first = take_text (cv_message_model (model, &from));
  g_assert_cmpuint (from, ==, 9);
  g_assert_true (g_str_has_suffix (first, "\"more\":true}"));
  g_assert_cmpuint (strlen (first), <, CV_SNAPSHOT_BYTES + 8 * 1024);
  g_autofree char *last = take_text (cv_message_model (model, &from));
  g_assert_cmpuint (from, ==, 10);
  g_assert_true (g_str_has_prefix (last, "{\"type\":\"model\",\"ops\":[{\"o\":\"b9\""));
  g_assert_true (g_str_has_suffix (last, "\"more\":false}"));
}

static void
test_whisper (void)
{
  const CvParticipant ann = { .id = (char *) "paaaaaaaaaaaa", .name = (char *) "Ann" };
  g_autofree char *text = take_text (cv_message_whisper (&ann, "pbbbbbbbbbbbb", "psst", 17));
  g_assert_cmpstr (
    text, ==,
    "{\"type\":\"whisper\",\"from\":\"paaaaaaaaaaaa\",\"name\":\"Ann\",\"to\":\"pbbbbbbbbbbbb\",\"text\":"
    "\"psst\",\"at\":17}");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol-sharing/change", test_change);
  g_test_add_func ("/protocol-sharing/poll-vote", test_poll_vote);
  g_test_add_func ("/protocol-sharing/changes", test_changes);
  g_test_add_func ("/protocol-sharing/model", test_model);
  g_test_add_func ("/protocol-sharing/whisper", test_whisper);
  return g_test_run ();
}
