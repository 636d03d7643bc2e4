/* The kinds of rooms: what each is, and who may do what, written out once more. */
#include "room/policy.h"

typedef struct {
  const char *kind;
  CvTopology topology;
  guint max_people;
  CvRole joins_as;
  gboolean names, rows, chat, record, dial_in, summary;
} Kind;

static const Kind kinds[] = {
  { "standard", CV_TOPOLOGY_P2P, 8, CV_ROLE_PERSON, TRUE, TRUE, TRUE, FALSE, FALSE, TRUE },
  { "otr", CV_TOPOLOGY_P2P, 8, CV_ROLE_PERSON, FALSE, FALSE, FALSE, FALSE, FALSE, FALSE },
  { "boardroom", CV_TOPOLOGY_SFU, 100, CV_ROLE_PERSON, TRUE, TRUE, TRUE, TRUE, TRUE, TRUE },
  { "classroom", CV_TOPOLOGY_SFU, 400, CV_ROLE_VIEWER, TRUE, TRUE, TRUE, TRUE, TRUE, TRUE },
};

/* A letter for each action that is allowed, in this order. */
static const struct {
  CvAction action;
  char letter;
} actions[] = {
  { CV_ACTION_STATE, 'S' },         { CV_ACTION_CHANGE, 'C' },      { CV_ACTION_RELAY, 'R' },
  { CV_ACTION_TURN, 'T' },          { CV_ACTION_LEAVE, 'L' },       { CV_ACTION_END, 'E' },
  { CV_ACTION_OFFER, 'o' },         { CV_ACTION_VIEW, 'v' },        { CV_ACTION_HAND, 'h' },
  { CV_ACTION_STAGE, 'g' },         { CV_ACTION_STOP, 's' },        { CV_ACTION_MUTE_ALL, 'm' },
  { CV_ACTION_SPOTLIGHT, 'l' },     { CV_ACTION_ASK, 'a' },         { CV_ACTION_VOTE, 'b' },
  { CV_ACTION_RESOLVE, 'r' },       { CV_ACTION_WATCH_STATS, 'w' }, { CV_ACTION_RECORD, 'c' },
  { CV_ACTION_CONSENT, 'n' },       { CV_ACTION_PUBLISH, 'p' },     { CV_ACTION_SEE_VIEWERS, 'i' },
  { CV_ACTION_RENAME_OTHERS, 'O' }, { CV_ACTION_START, 'S' },       { CV_ACTION_LOBBY, 'y' },
  { CV_ACTION_LOCK, 'k' },          { CV_ACTION_ADMIT, 'd' },       { CV_ACTION_REMOVE, 'x' },
  { CV_ACTION_ROLE, 'R' },          { CV_ACTION_RENAME, 'N' },      { CV_ACTION_LOWER, 'L' },
  { CV_ACTION_REACT, 'e' },         { CV_ACTION_REQUEST, 'q' },     { CV_ACTION_POLL_VOTE, 'V' },
  { CV_ACTION_WHISPER, 'W' },       { CV_ACTION_RECEIPT, 't' },
};

static const struct {
  const char *kind;
  CvRole role;
  const char *may;
} rights[] = {
  { "standard", CV_ROLE_VIEWER, "------|-------------|---|-------------" },
  { "standard", CV_ROLE_PERSON, "SCRTL-|--h----------|pi-|------N-e-VWt" },
  { "standard", CV_ROLE_COHOST, "SCRTL-|--h-sml------|piO|-ykdx-NLeqVWt" },
  { "standard", CV_ROLE_HOST, "SCRTLE|--h-sml------|piO|-ykdxRNLeqVWt" },
  { "otr", CV_ROLE_VIEWER, "------|-------------|---|-------------" },
  { "otr", CV_ROLE_PERSON, "--RTL-|-------------|pi-|------------t" },
  { "otr", CV_ROLE_COHOST, "--RTL-|-------------|pi-|-ykdx-------t" },
  { "otr", CV_ROLE_HOST, "--RTLE|-------------|pi-|-ykdx-------t" },
  { "boardroom", CV_ROLE_VIEWER, "S--TL-|ov-----------|-i-|------N-e----" },
  { "boardroom", CV_ROLE_PERSON, "SC-TL-|ovh---------n|pi-|------N-e-VW-" },
  { "boardroom", CV_ROLE_COHOST, "SC-TL-|ovh-sml---wcn|piO|Sykdx-NLeqVW-" },
  { "boardroom", CV_ROLE_HOST, "SC-TLE|ovh-sml---wcn|piO|SykdxRNLeqVW-" },
  { "classroom", CV_ROLE_VIEWER, "SC-TL-|ovh----ab----|---|------N-e-VW-" },
  { "classroom", CV_ROLE_PERSON, "SC-TL-|ovh----ab---n|p--|------N-e-VW-" },
  { "classroom", CV_ROLE_COHOST, "SC-TL-|ovhgsmlabrwcn|piO|Sykdx-NLeqVW-" },
  { "classroom", CV_ROLE_HOST, "SC-TLE|ovhgsmlabrwcn|piO|SykdxRNLeqVW-" },
};

static void
test_kinds (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    const CvPolicy *policy = cv_policy_find (kinds[i].kind);
    g_assert_nonnull (policy);
    g_assert_true (cv_policy_all ()[i] == policy);
    g_assert_cmpstr (policy->kind, ==, kinds[i].kind);
    g_assert_cmpint (policy->topology, ==, kinds[i].topology);
    g_assert_cmpuint (policy->max_people, ==, kinds[i].max_people);
    g_assert_cmpint (policy->joins_as, ==, kinds[i].joins_as);
    g_assert_cmpint (policy->names_on_server, ==, kinds[i].names);
    g_assert_cmpint (policy->keeps_rows, ==, kinds[i].rows);
    g_assert_cmpint (policy->keeps_content, ==, kinds[i].chat);
    g_assert_cmpint (policy->may_record, ==, kinds[i].record);
    g_assert_cmpint (policy->may_dial_in, ==, kinds[i].dial_in);
    g_assert_cmpint (policy->has_summary, ==, kinds[i].summary);
  }
  g_assert_null (cv_policy_all ()[G_N_ELEMENTS (kinds)]);
}

static void
test_find_nothing (void)
{
  g_assert_null (cv_policy_find ("seance"));
  g_assert_null (cv_policy_find ("Standard"));
  g_assert_null (cv_policy_find (""));
  g_assert_null (cv_policy_find (NULL));
}

static void
test_rights (void)
{
  guint seen = 0;
  g_assert_cmpuint (G_N_ELEMENTS (actions), ==, CV_N_ACTIONS);
  for (gsize i = 0; i < G_N_ELEMENTS (rights); i++) {
    const CvPolicy *policy = cv_policy_find (rights[i].kind);
    g_autoptr (GString) may = g_string_new (NULL);
    for (gsize a = 0; a < G_N_ELEMENTS (actions); a++, seen++) {
      if (actions[a].action == CV_ACTION_OFFER || actions[a].action == CV_ACTION_PUBLISH ||
          actions[a].action == CV_ACTION_START)
        g_string_append_c (may, '|');
      g_string_append_c (may, cv_policy_may (policy, rights[i].role, actions[a].action) ? actions[a].letter : '-');
      g_assert_false (cv_policy_may (policy, CV_ROLE_NOBODY, actions[a].action));
    }
    if (!g_str_equal (may->str, rights[i].may))
      g_error ("%s, %s: %s, not %s", rights[i].kind, cv_role_to_text (rights[i].role), may->str, rights[i].may);
  }
  g_assert_cmpuint (seen, ==, G_N_ELEMENTS (kinds) * 4 * CV_N_ACTIONS);
}

static void
test_roles (void)
{
  g_assert_cmpstr (cv_role_to_text (CV_ROLE_VIEWER), ==, "viewer");
  g_assert_cmpstr (cv_role_to_text (CV_ROLE_PERSON), ==, "person");
  g_assert_cmpstr (cv_role_to_text (CV_ROLE_COHOST), ==, "cohost");
  g_assert_cmpstr (cv_role_to_text (CV_ROLE_HOST), ==, "host");
}

static void
test_has (void)
{
  g_assert_false (cv_policy_has (&cv_policy_standard, CV_ROLE_VIEWER));
  g_assert_true (cv_policy_has (&cv_policy_standard, CV_ROLE_PERSON));
  g_assert_true (cv_policy_has (&cv_policy_classroom, CV_ROLE_VIEWER));
  g_assert_false (cv_policy_has (&cv_policy_classroom, CV_ROLE_NOBODY));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/policy/kinds", test_kinds);
  g_test_add_func ("/policy/find-nothing", test_find_nothing);
  g_test_add_func ("/policy/rights", test_rights);
  g_test_add_func ("/policy/roles", test_roles);
  g_test_add_func ("/policy/has", test_has);
  return g_test_run ();
}
