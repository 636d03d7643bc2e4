/* What `open` may say: all of it, and nothing else. */
#include "sip/sip-config.h"

#include "lib/sip-phone.h"

#include <string.h>

#define LISTED "\"registrars\":[],\"addresses\":[\"192.0.2.0/24\"],"

static CvSipConfig *
read_text (const char *text)
{
  g_autoptr (JsonObject) object = cv_json_parse (text, strlen (text), NULL);
  CvJsonReader reader;
  g_assert_nonnull (object);
  cv_json_reader_init (&reader, object);
  g_autoptr (CvSipConfig) self = cv_sip_config_read (&reader);
  return cv_json_reader_finish (&reader, NULL) ? g_steal_pointer (&self) : NULL;
}

/* What is usual with `from` replaced by `to`. */
static gboolean
is_fine (const char *from, const char *to)
{
  g_autofree char *text = cv_test_sip_open ("silent", 10, 5, LISTED);
  g_assert_nonnull (strstr (text, from));
  g_auto (GStrv) parts = g_strsplit (text, from, 2);
  g_autofree char *changed = g_strjoinv (to, parts);
  g_autoptr (CvSipConfig) self = read_text (changed);
  return self != NULL;
}

static void
test_read (void)
{
  g_autoptr (CvSipConfig) self = cv_test_sip_config ("silent", 10, 5, LISTED);
  g_assert_cmpstr (self->language, ==, "en");
  g_assert_cmpuint (self->n_listeners, ==, 1);
  g_assert_cmpint (self->listeners[0].transport, ==, CV_SIP_UDP);
  g_assert_true (self->silent && self->pin_in_uri);
  g_assert_cmpint (self->security, ==, CV_SIP_PREFER);
  g_assert_cmpuint (self->calls, ==, 10);
  g_assert_cmpuint (self->invites_per_second, ==, 5);
  g_assert_cmpuint (self->n_trunks, ==, 1);
  g_assert_nonnull (self->trunks[0].sources);
  g_assert_false (cv_sip_config_has_tls (self));
  g_assert_cmpstr (cv_sip_transport_get_name (CV_SIP_TLS), ==, "tls");
}

static void
test_refused (void)
{
  static const struct {
    const char *from, *to;
  } wrong[] = {
    { "\"en\"", "\"xx\"" },
    { "\"prefer\"", "\"sometimes\"" },
    { "\"external\":\"\"", "\"external\":\"example.org\"" },
    { "\"udp\"", "\"sctp\"" },
    { "\"address\":\"127.0.0.1\",\"port\"", "\"address\":\"0.0.0.0\",\"port\"" }, /* with no external address */
    { "\"first\":20000", "\"first\":59999" },
    { "\"first\":20000", "\"first\":80" },
    { "\"calls\":10,", "\"calls\":0," },
    { "\"calls\":10,", "\"calls\":1001," },
    { "\"invites_per_second\":5", "\"invites_per_second\":101" },
    { "\"192.0.2.0/24\"", "\"192.0.2.1/24\"" },
    { "[\"192.0.2.0/24\"]", "[]" }, /* anybody at all */
    { "\"registrars\":[]", "\"registrars\":[\"http://example.org\"]" },
    { "\"registrars\":[]", "\"registrars\":[\"sip:example.org\"]" }, /* as nobody */
    { "\"expires\":600", "\"expires\":10" },
    { "\"name\":\"one\"", "\"name\":\"\"" },
    { "\"language\"", "\"more\":1,\"language\"" },
    { "\"language\":\"en\",", "" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_test_message ("%s", wrong[i].to);
    g_assert_false (is_fine (wrong[i].from, wrong[i].to));
  }
  g_assert_true (is_fine ("\"udp\"", "\"tcp\""));
  g_assert_true (is_fine ("\"external\":\"\"", "\"external\":\"192.0.2.9\""));
}

static void
test_names (void)
{
  g_autofree char *text = cv_test_sip_open ("refuse", 10, 5, LISTED);
  char *end = strrchr (text, ']');
  g_autofree char *trunk = g_strndup (strstr (text, "\"trunks\":[") + strlen ("\"trunks\":["),
                                      (gsize) (end - strstr (text, "\"trunks\":[") - strlen ("\"trunks\":[")));
  *end = '\0';
  g_autofree char *twice = g_strdup_printf ("%s,%s]}", text, trunk);
  g_autoptr (CvSipConfig) self = read_text (twice);
  g_assert_null (self);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip-config/read", test_read);
  g_test_add_func ("/sip-config/refused", test_refused);
  g_test_add_func ("/sip-config/names", test_names);
  return g_test_run ();
}
