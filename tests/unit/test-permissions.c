/* Which messages whom may send. */
#include "signalling/permissions.h"

#include <string.h>

static void
test_may (void)
{
  g_assert_false (cv_permission_may (&cv_policy_boardroom, CV_ROLE_HOST, CV_MESSAGE_JOIN));
  g_assert_false (cv_permission_may (&cv_policy_boardroom, CV_ROLE_HOST, CV_MESSAGE_RESUME));
  g_assert_true (cv_permission_may (&cv_policy_boardroom, CV_ROLE_VIEWER, CV_MESSAGE_PONG));
  g_assert_true (cv_permission_may (&cv_policy_boardroom, CV_ROLE_COHOST, CV_MESSAGE_DENY));
  g_assert_false (cv_permission_may (&cv_policy_boardroom, CV_ROLE_COHOST, CV_MESSAGE_ROLE));
  g_assert_false (cv_permission_may (&cv_policy_boardroom, CV_ROLE_PERSON, CV_MESSAGE_ADMIT));
  g_assert_false (cv_permission_may (&cv_policy_standard, CV_ROLE_HOST, CV_MESSAGE_START));
  g_assert_true (cv_permission_may (&cv_policy_classroom, CV_ROLE_VIEWER, CV_MESSAGE_REACT));
}

/* Cohosts may all that hosts may but two things; each role may what those below it may. */
static void
test_roles (void)
{
  for (const CvPolicy *const *policy = cv_policy_all (); *policy != NULL; policy++)
    for (CvMessageType type = 0; type < CV_N_MESSAGES; type++) {
      gboolean host = cv_permission_may (*policy, CV_ROLE_HOST, type);
      gboolean only = type == CV_MESSAGE_END || type == CV_MESSAGE_ROLE;
      g_assert_cmpint (cv_permission_may (*policy, CV_ROLE_COHOST, type), ==, host && !only);
      for (CvRole role = CV_ROLE_PERSON; role <= CV_ROLE_HOST; role++)
        if (cv_permission_may (*policy, role - 1, type))
          g_assert_true (cv_permission_may (*policy, role, type));
    }
}

static void
test_text (void)
{
  g_autofree char *text = cv_permissions_to_text ();
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) all = cv_json_parse (text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (json_object_get_size (all), ==, 4);
  JsonObject *standard = json_object_get_object_member (all, "standard");
  JsonObject *classroom = json_object_get_object_member (all, "classroom");
  g_assert_false (json_object_has_member (standard, "viewer"));
  g_assert_cmpuint (json_object_get_size (classroom), ==, 4);
  JsonObject *of_viewers = json_object_get_object_member (classroom, "viewer");
  JsonArray *viewer = json_object_get_array_member (of_viewers, "may");
  JsonObject *rights = json_object_get_object_member (of_viewers, "rights");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (rights, "message")), ==, 2);
  g_assert_false (json_object_has_member (rights, "item"));
  g_assert_cmpstr (json_array_get_string_element (viewer, 0), ==, "ack");
  g_assert_null (strstr (text, "\"join\""));
}

static void
test_member (void)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  cv_permissions_add (builder, &cv_policy_otr, CV_ROLE_PERSON);
  json_builder_end_object (builder);
  g_autofree char *text = cv_json_builder_to_text (builder, NULL);
  g_assert_cmpstr (text, ==, "{\"may\":[\"ack\",\"pong\",\"relay\",\"turn\",\"receipt\",\"leave\"],\"rights\":{}}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/permissions/may", test_may);
  g_test_add_func ("/permissions/roles", test_roles);
  g_test_add_func ("/permissions/text", test_text);
  g_test_add_func ("/permissions/member", test_member);
  return g_test_run ();
}
