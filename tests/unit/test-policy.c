/* The kinds of rooms: what each is, and who may do what, written out once more. */
#include "room/policy.h"

typedef struct {
  const char *kind;
  CvTopology topology;
  guint max_people;
  gboolean available, names, chat, record, dial_in, summary;
} Kind;

static const Kind kinds[] = {
  { "standard", CV_TOPOLOGY_P2P, 8, TRUE, TRUE, TRUE, FALSE, FALSE, TRUE },
  { "otr", CV_TOPOLOGY_P2P, 8, FALSE, FALSE, FALSE, FALSE, FALSE, FALSE },
  { "boardroom", CV_TOPOLOGY_SFU, 100, FALSE, TRUE, TRUE, TRUE, TRUE, TRUE },
  { "classroom", CV_TOPOLOGY_SFU, 400, FALSE, TRUE, TRUE, TRUE, TRUE, TRUE },
};

static const CvAction actions[] = { CV_ACTION_STATE, CV_ACTION_CHAT,  CV_ACTION_RELAY,
                                    CV_ACTION_TURN,  CV_ACTION_LEAVE, CV_ACTION_END };

/* A letter for each action that is allowed, in the order above: S C R T L E. */
static const struct {
  const char *kind;
  CvRole role;
  const char *may;
} rights[] = {
  { "standard", CV_ROLE_PERSON, "SCRTL-" },  { "standard", CV_ROLE_HOST, "SCRTLE" },
  { "otr", CV_ROLE_PERSON, "S-RTL-" },       { "otr", CV_ROLE_HOST, "S-RTLE" },
  { "boardroom", CV_ROLE_PERSON, "SC-TL-" }, { "boardroom", CV_ROLE_HOST, "SC-TLE" },
  { "classroom", CV_ROLE_PERSON, "SC-TL-" }, { "classroom", CV_ROLE_HOST, "SC-TLE" },
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
    g_assert_cmpint (policy->available, ==, kinds[i].available);
    g_assert_cmpint (policy->names_on_server, ==, kinds[i].names);
    g_assert_cmpint (policy->keeps_chat, ==, kinds[i].chat);
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
  for (gsize i = 0; i < G_N_ELEMENTS (rights); i++) {
    const CvPolicy *policy = cv_policy_find (rights[i].kind);
    for (gsize a = 0; a < G_N_ELEMENTS (actions); a++, seen++) {
      gboolean expected = rights[i].may[a] != '-';
      if (cv_policy_may (policy, rights[i].role, actions[a]) != expected)
        g_error ("%s, role %u, action %u: not %d", rights[i].kind, rights[i].role, actions[a], expected);
    }
    for (gsize a = 0; a < CV_N_ACTIONS; a++)
      g_assert_false (cv_policy_may (policy, CV_ROLE_NOBODY, (CvAction) a));
  }
  g_assert_cmpuint (seen, ==, G_N_ELEMENTS (kinds) * 2 * CV_N_ACTIONS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/policy/kinds", test_kinds);
  g_test_add_func ("/policy/find-nothing", test_find_nothing);
  g_test_add_func ("/policy/rights", test_rights);
  return g_test_run ();
}
