/* Whom claims are about, and who may. */
#include "oidc/person.h"

#include "base/json.h"

#include <string.h>

static const char *const nobody[] = { NULL };
static const char *const groups[] = { "staff", "board", NULL };
static const char *const domains[] = { "a.example", "b.example", NULL };

static CvOidcPerson *
read_person (const char *text, const CvOidcRules *rules)
{
  g_autoptr (JsonObject) claims = cv_json_parse (text, strlen (text), NULL);
  g_autoptr (GError) error = NULL;
  CvOidcPerson *person = cv_oidc_person_read (claims, rules, &error);
  g_assert_true (person != NULL || g_error_matches (error, CV_OIDC_ERROR, CV_OIDC_ERROR_NOT_ALLOWED));
  return person;
}

static gboolean
admits (const char *text, const CvOidcRules *rules)
{
  g_autoptr (CvOidcPerson) person = read_person (text, rules);
  return person != NULL;
}

static void
test_names (void)
{
  const CvOidcRules by_name = { "preferred_username", "groups", nobody, nobody },
                    by_email = { "email", "groups", nobody, nobody };
  g_autoptr (CvOidcPerson) ann = read_person (
    "{\"sub\":\"1\",\"preferred_username\":\" a\\u0308nn \",\"name\":\"Ann\",\"email\":\"a@a.example\"}", &by_name);
  g_autoptr (CvOidcPerson) verified =
    read_person ("{\"sub\":\"1\",\"email\":\"a@a.example\",\"email_verified\":true}", &by_email);
  g_autoptr (CvOidcPerson) claimed = read_person ("{\"sub\":\"1\",\"email\":\"a@a.example\"}", &by_email);
  g_autoptr (CvOidcPerson) blank = read_person ("{\"sub\":\"1\",\"preferred_username\":\"  \",\"name\":17}", &by_name);
  g_autofree char *filled = g_strnfill (CV_OIDC_MAX_LOGIN + 1, 'x');
  g_autofree char *text =
    g_strdup_printf ("{\"sub\":\"1\",\"preferred_username\":\"%s\",\"name\":\"%s\"}", filled, filled);
  g_autoptr (CvOidcPerson) larger = read_person (text, &by_name);
  g_assert_cmpstr (ann->subject, ==, "1");
  g_assert_cmpstr (ann->login, ==, "änn");
  g_assert_cmpstr (ann->name, ==, "Ann");
  g_assert_cmpstr (verified->login, ==, "a@a.example");
  g_assert_null (claimed->login);
  g_assert_null (blank->login);
  g_assert_null (blank->name);
  g_assert_null (larger->login);
  g_assert_null (larger->name);
}

static void
test_groups (void)
{
  const CvOidcRules rules = { "email", "roles", groups, nobody };
  g_assert_true (admits ("{\"sub\":\"1\",\"roles\":[\"x\",\"board\"]}", &rules));
  g_assert_true (admits ("{\"sub\":\"1\",\"roles\":\"staff\"}", &rules));
  g_assert_false (admits ("{\"sub\":\"1\",\"groups\":[\"board\"]}", &rules));
  g_assert_false (admits ("{\"sub\":\"1\",\"roles\":[\"Board\",[\"board\"],1]}", &rules));
  g_assert_false (admits ("{\"sub\":\"1\"}", &rules));
}

static void
test_domains (void)
{
  const CvOidcRules rules = { "email", "groups", nobody, domains }, both = { "email", "groups", groups, domains };
#define AT(domain) "{\"sub\":\"1\",\"email\":\"x@" domain "\",\"email_verified\":true}"
  g_assert_true (admits (AT ("a.example"), &rules));
  g_assert_true (admits (AT ("B.Example"), &rules));
  g_assert_true (admits (AT ("c.example@a.example"), &rules));
  g_assert_false (admits (AT ("xa.example"), &rules));
  g_assert_false (admits (AT ("x.a.example"), &rules));
  g_assert_false (admits (AT ("a.example@c.example"), &rules));
  g_assert_false (admits ("{\"sub\":\"1\",\"email\":\"x@a.example\"}", &rules));
  g_assert_false (admits ("{\"sub\":\"1\",\"email\":\"a.example\",\"email_verified\":true}", &rules));
  g_assert_false (admits ("{\"sub\":\"1\"}", &rules));
  g_assert_false (admits (AT ("a.example"), &both));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/person/names", test_names);
  g_test_add_func ("/person/groups", test_groups);
  g_test_add_func ("/person/domains", test_domains);
  return g_test_run ();
}
