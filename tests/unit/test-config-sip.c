/* What must fit together in [sip]: the key that an error names, and nothing where all is well. */
#include "daemon/config-sip.h"

#define LIST(...) ((char *[]){ __VA_ARGS__, NULL })

static char *NOTHING[] = { NULL };
static char *LISTEN[] = { "udp:192.0.2.7:5060", NULL };
static char *NUMBERS[] = { "+49 30 12", NULL };
static char *REGISTRARS[] = { "sip:one.example", NULL };
static char *ADDRESSES[] = { "192.0.2.20", NULL };
static char *NETWORKS[] = { "2001:db8::/32", "192.0.2.0/28", NULL };
static char *OTHER_NUMBERS[] = { "1", "2", NULL };
static char *OTHER_ADDRESSES[] = { "198.51.100.1", NULL };

/* As the file is read: nothing is NULL. */
static CvConfigSip
make_listed (void)
{
  return (CvConfigSip){ .listen = LISTEN,
                        .own = { .numbers = NUMBERS, .registrars = NOTHING, .user = "", .addresses = ADDRESSES },
                        .external = "",
                        .rtp_address = "",
                        .rtp_ports = "41000-41999" };
}

static CvConfigSip
make_registered (void)
{
  CvConfigSip config = make_listed ();

  config.own.registrars = REGISTRARS;
  config.own.addresses = NOTHING;
  config.own.user = "4930123456";
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
  config.own.numbers = NOTHING;
  assert_fault (&config, "numbers", "");
  config.listen = NOTHING; /* nobody can call */
  assert_fits (&config);
  config = make_listed ();
  config.own.addresses = NOTHING;
  assert_fault (&config, "trunk-addresses", "");
}

static void
test_registrars (void)
{
  CvConfigSip config = make_registered ();
  g_autofree char *name = g_strnfill (121, 'u'), *host = g_strnfill (200, 'h');
  g_autofree char *registrar = g_strconcat ("sip:", host, NULL);

  assert_fits (&config);
  config.own.user = "";
  assert_fault (&config, "user", "");
  config.own.user = name;
  assert_fault (&config, "user", name);
  config.own.user = "4930\t123456";
  assert_fault (&config, "user", "4930\t123456");
  config = make_registered ();
  config.own.registrars = LIST (registrar);
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

      config.own.registrars = LIST ((char *) all[i]);
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

/* Three of them: registered, listed, registered with addresses; borrowed from `trunks`. */
static GPtrArray *
make_trunks (CvConfigTrunk trunks[3])
{
  GPtrArray *all = g_ptr_array_new ();

  trunks[0] = (CvConfigTrunk){ "a", NUMBERS, REGISTRARS, .user = "ann", .addresses = NOTHING };
  trunks[1] = (CvConfigTrunk){ "b", NOTHING, NOTHING, .user = "", .addresses = NETWORKS };
  trunks[2] = (CvConfigTrunk){ "c", OTHER_NUMBERS, REGISTRARS, .user = "ben@x", .addresses = OTHER_ADDRESSES };
  for (guint i = 0; i < 3; i++)
    g_ptr_array_add (all, &trunks[i]);
  return all;
}

#define assert_fault_of(config, which, name, text)                                                                     \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    CvConfigSipFault fault = { 0 };                                                                                    \
    g_assert_true (cv_config_sip_find_fault (config, &fault));                                                         \
    g_assert_true (fault.trunk == (which));                                                                            \
    g_assert_cmpstr (fault.key, ==, name);                                                                             \
    g_assert_cmpstr (fault.value, ==, text);                                                                           \
  }                                                                                                                    \
  G_STMT_END

static void
test_trunks (void)
{
  CvConfigTrunk trunks[3];
  g_autoptr (GPtrArray) all = make_trunks (trunks);
  CvConfigSip config = make_listed ();

  config.trunks = all;
  assert_fits (&config);
  g_autoptr (GPtrArray) listed = cv_config_sip_list_trunks (&config);
  g_assert_cmpuint (listed->len, ==, 4);
  g_assert_true (listed->pdata[0] == &config.own && listed->pdata[3] == &trunks[2]);
  g_auto (GStrv) numbers = cv_config_sip_list_numbers (&config);
  g_autofree char *joined = g_strjoinv ("|", numbers);
  g_assert_cmpstr (joined, ==, "+49 30 12|+49 30 12|1|2");
  config.own.addresses = config.own.numbers = NOTHING; /* [sip] is none itself */
  assert_fits (&config);
  g_autoptr (GPtrArray) fewer = cv_config_sip_list_trunks (&config);
  g_assert_cmpuint (fewer->len, ==, 3);
  trunks[1].addresses = NOTHING;
  assert_fault_of (&config, &trunks[1], "trunk-addresses", "");
  trunks[1].addresses = ADDRESSES;
  trunks[2].user = "";
  assert_fault_of (&config, &trunks[2], "user", "");
  trunks[2].user = "ben";
  trunks[0].registrars = LIST ("sips:one.example");
  assert_fault_of (&config, &trunks[0], "registrars", "sips:one.example");
  trunks[0].registrars = REGISTRARS;
  trunks[0].numbers = trunks[2].numbers = NOTHING;
  assert_fault_of (&config, NULL, "numbers", "");
}

/* An address says whose call it is, or the user that a registered trunk is called by. */
static void
test_overlaps (void)
{
  static const struct {
    const char *earlier, *later;
    gboolean overlaps;
  } cases[] = {
    { "192.0.2.20", "192.0.2.20", TRUE },     { "192.0.2.0/24", "192.0.2.20", TRUE },
    { "192.0.2.20", "192.0.0.0/16", TRUE },   { "192.0.2.16/28", "192.0.2.32/28", FALSE },
    { "2001:db8::/32", "2001:db8::1", TRUE }, { "2001:db8::1", "2001:db8::2", FALSE },
    { "0.0.0.0/0", "2001:db8::1", FALSE },
  };
  CvConfigTrunk trunks[3];
  g_autoptr (GPtrArray) all = make_trunks (trunks);
  CvConfigSip config = make_listed ();

  config.trunks = all;
  trunks[2].addresses = NOTHING;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    config.own.addresses = LIST ((char *) cases[i].earlier);
    trunks[1].addresses = LIST ((char *) cases[i].later);
    if (cases[i].overlaps)
      assert_fault_of (&config, &trunks[1], "trunk-addresses", cases[i].later);
    else
      assert_fits (&config);
  }
  config.own.addresses = NOTHING;
  trunks[1].addresses = LIST ("203.0.113.1");
  trunks[0].addresses = trunks[2].addresses = ADDRESSES;
  assert_fits (&config);
  trunks[2].user = "ann@elsewhere";
  assert_fault_of (&config, &trunks[2], "trunk-addresses", ADDRESSES[0]);
}

static void
test_most (void)
{
  CvConfigTrunk trunks[CV_CONFIG_MAX_TRUNKS];
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  CvConfigSip config = make_listed ();

  for (guint i = 0; i < CV_CONFIG_MAX_TRUNKS; i++) {
    trunks[i] = (CvConfigTrunk){ "t", NOTHING, REGISTRARS, .user = "ann", .addresses = NOTHING };
    g_ptr_array_add (all, &trunks[i]);
  }
  config.trunks = all;
  assert_fault_of (&config, NULL, "trunk-addresses", ADDRESSES[0]);
  config.own.addresses = NOTHING;
  assert_fits (&config);
  trunks[0].numbers = LIST ("1", "2", "3", "4", "5", "6", "7");
  trunks[1].numbers = LIST ("1", "2", "3", "4", "5", "6", "7", "8");
  assert_fits (&config);
  trunks[2].numbers = LIST ("9");
  assert_fault_of (&config, &trunks[2], "numbers", "9");
}

static void
test_names (void)
{
  g_autofree char *most = g_strnfill (40, 'n'), *more = g_strnfill (41, 'n');

  g_assert_true (cv_config_sip_is_trunk_name (most));
  g_assert_true (cv_config_sip_is_trunk_name ("Berlin-2.new_one"));
  g_assert_false (cv_config_sip_is_trunk_name (more));
  g_assert_false (cv_config_sip_is_trunk_name (""));
  g_assert_false (cv_config_sip_is_trunk_name ("two words"));
  g_assert_false (cv_config_sip_is_trunk_name ("trunk"));
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
  g_test_add_func ("/config-sip/trunks", test_trunks);
  g_test_add_func ("/config-sip/overlaps", test_overlaps);
  g_test_add_func ("/config-sip/most", test_most);
  g_test_add_func ("/config-sip/names", test_names);
  return g_test_run ();
}
