/* What must fit together in [sip]: the key that an error names, and nothing where all is well. */
#include "daemon/config-sip.h"

#define LIST(...) ((char *[]){ __VA_ARGS__, NULL })

static char *NOTHING[] = { NULL };
static char *LISTEN[] = { "udp:192.0.2.7:5060", NULL };
static char *NUMBERS[] = { "+49 30 12", NULL };
static char *REGISTRARS[] = { "sip:one.example", NULL };
static char *ADDRESSES[] = { "192.0.2.20", NULL };

/* As the file is read: nothing is NULL. */
static CvConfigSip
make_listed (void)
{
  return (CvConfigSip){ .listen = LISTEN,
                        .numbers = NUMBERS,
                        .registrars = NOTHING,
                        .user = "",
                        .trunk_addresses = ADDRESSES,
                        .external = "",
                        .rtp_address = "",
                        .rtp_ports = "41000-41999" };
}

static CvConfigSip
make_registered (void)
{
  CvConfigSip config = make_listed ();

  config.registrars = REGISTRARS;
  config.trunk_addresses = NOTHING;
  config.user = "4930123456";
  return config;
}

#define assert_fits(config)                                                                                            \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    CvConfigSipFault fault = { 0 };                                                                                    \
    gboolean found = cv_config_sip_find_fault (config, &fault);                                                        \
    g_assert_cmpstr (fault.key, ==, NULL);                                                                             \
    g_assert_false (found);                                                                                            \
  }                                                                                                                    \
  G_STMT_END

#define assert_fault(config, name, text)                                                                               \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    CvConfigSipFault fault = { 0 };                                                                                    \
    g_assert_true (cv_config_sip_find_fault (config, &fault));                                                         \
    g_assert_cmpstr (fault.key, ==, name);                                                                             \
    g_assert_cmpstr (fault.value, ==, text);                                                                           \
    g_assert_nonnull (fault.allowed);                                                                                  \
  }                                                                                                                    \
  G_STMT_END

static void
test_what_is_needed (void)
{
  CvConfigSip config = make_listed ();

  assert_fits (&config);
  config.numbers = NOTHING;
  assert_fault (&config, "numbers", "");
  config.listen = NOTHING; /* nobody can call */
  assert_fits (&config);
  config = make_listed ();
  config.trunk_addresses = NOTHING;
  assert_fault (&config, "trunk-addresses", "");
}

static void
test_registrars (void)
{
  CvConfigSip config = make_registered ();
  g_autofree char *name = g_strnfill (121, 'u'), *host = g_strnfill (200, 'h');
  g_autofree char *registrar = g_strconcat ("sip:", host, NULL);

  assert_fits (&config);
  config.user = "";
  assert_fault (&config, "user", "");
  config.user = name;
  assert_fault (&config, "user", name);
  config.user = "4930\t123456";
  assert_fault (&config, "user", "4930\t123456");
  config = make_registered ();
  config.registrars = LIST (registrar);
  assert_fault (&config, "registrars", registrar);
}

static void
test_transports (void)
{
  static const char *const all[] = { "sip:a.example", "sip:a.example;transport=tcp", "sips:a.example:5061",
                                     "sip:a.example;transport=tls" };
  static char *listens[] = { "udp:127.0.0.1:0", "tcp:127.0.0.1:0", "tls:127.0.0.1:0", "tls:127.0.0.1:0" };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    for (guint k = 0; k < G_N_ELEMENTS (listens); k++) {
      CvConfigSip config = make_registered ();

      config.registrars = LIST ((char *) all[i]);
      config.listen = LIST (listens[k]);
      if (g_str_equal (listens[i], listens[k]))
        assert_fits (&config);
      else
        assert_fault (&config, "registrars", all[i]);
    }
}

static void
test_addresses (void)
{
  static char *everywhere[] = { "udp:0.0.0.0:5060", "tls:[::]:5061", "tcp:[0:0:0:0:0:0:0:0]:5060" };
  CvConfigSip config = make_listed ();

  for (guint i = 0; i < G_N_ELEMENTS (everywhere); i++) {
    config = make_listed ();
    config.listen = LIST ("udp:192.0.2.7:5060", everywhere[i]);
    assert_fault (&config, "external-address", "");
    config.external = "203.0.113.7";
    assert_fits (&config);
    config.external = "0.0.0.0";
    assert_fault (&config, "external-address", "0.0.0.0");
  }
  config = make_listed ();
  config.rtp_address = "::";
  assert_fault (&config, "external-address", "");
  config.rtp_address = "192.0.2.8";
  assert_fits (&config);
}

/* RTP has an even port and RTCP the next one. */
static void
test_ports (void)
{
  static char *bad[] = { "", "0", "41000-41000", "41001-41002" };
  CvConfigSip config = make_listed ();

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    config.rtp_ports = bad[i];
    assert_fault (&config, "rtp-ports", bad[i]);
  }
  config.rtp_ports = "41001-41003";
  assert_fits (&config);
}

static void
test_passwords (void)
{
  g_autofree char *most = g_strnfill (120, 'p'), *more = g_strnfill (121, 'p');

  g_assert_true (cv_config_sip_is_password (most));
  g_assert_true (cv_config_sip_is_password ("p \303\244"));
  g_assert_false (cv_config_sip_is_password (more));
  g_assert_false (cv_config_sip_is_password ("p\344"));
  g_assert_false (cv_config_sip_is_password ("p\tp"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config-sip/what-is-needed", test_what_is_needed);
  g_test_add_func ("/config-sip/registrars", test_registrars);
  g_test_add_func ("/config-sip/transports", test_transports);
  g_test_add_func ("/config-sip/addresses", test_addresses);
  g_test_add_func ("/config-sip/ports", test_ports);
  g_test_add_func ("/config-sip/passwords", test_passwords);
  return g_test_run ();
}
