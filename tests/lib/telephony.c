/* See telephony.h. */
#include "lib/telephony.h"

#include "base/json.h"
#include "ipc/parcel.h"

#include <fcntl.h>
#include <string.h>

struct _CvTestTelephony {
  GObject parent_instance;
  gboolean down;
  GString *told;
};

static void iface_init (CvTelephonyInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvTestTelephony, cv_test_telephony, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CV_TYPE_TELEPHONY, iface_init))

static gboolean
is_up (CvTelephony *telephony)
{
  return !CV_TEST_TELEPHONY (telephony)->down;
}

/* Ids are random: their last two letters will do. */
static void
note_member (JsonObject *object, const char *name, JsonNode *node, gpointer told)
{
  g_autofree char *text = cv_json_to_text (node, NULL);
  gsize n = strlen (text);
  if (g_str_equal (name, "type") || g_str_equal (name, "fds"))
    return;
  if (text[0] == '"') {
    text[n - 1] = '\0';
    g_string_append_printf (told, "%s,", n == 15 && strchr (text, '-') == NULL ? text + n - 3 : text + 1);
  } else {
    g_string_append_printf (told, "%s,", text);
  }
}

static void
send_message (CvTelephony *telephony, JsonBuilder *message, int fd)
{
  CvTestTelephony *self = CV_TEST_TELEPHONY (telephony);
  gsize n;
  g_autofree char *line = cv_parcel_finish (message, 0, fd >= 0 ? 1 : 0, &n);
  g_autoptr (JsonObject) object = cv_json_parse (line, n, NULL);
  g_object_unref (message);
  g_assert_nonnull (object);
  if (fd >= 0)
    g_assert_cmpint (fcntl (fd, F_GETFD), >=, 0);
  g_string_append_printf (self->told, "%s(", json_object_get_string_member (object, "type"));
  json_object_foreach_member (object, note_member, self->told);
  self->told->str[self->told->len - 1] = ')';
  g_string_append_c (self->told, ' ');
}

static void
iface_init (CvTelephonyInterface *iface)
{
  iface->is_up = is_up;
  iface->send = send_message;
}

static void
cv_test_telephony_finalize (GObject *object)
{
  g_string_free (CV_TEST_TELEPHONY (object)->told, TRUE);
  G_OBJECT_CLASS (cv_test_telephony_parent_class)->finalize (object);
}

static void
cv_test_telephony_class_init (CvTestTelephonyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cv_test_telephony_finalize;
}

static void
cv_test_telephony_init (CvTestTelephony *self)
{
  self->told = g_string_new (NULL);
}

CvTestTelephony *
cv_test_telephony_new (void)
{
  return g_object_new (CV_TYPE_TEST_TELEPHONY, NULL);
}

char *
cv_test_telephony_take (CvTestTelephony *self)
{
  char *told = g_string_free (self->told, FALSE);
  self->told = g_string_new (NULL);
  return g_strchomp (told);
}

void
cv_test_telephony_say (CvTestTelephony *self, const CvSipNews *news)
{
  g_signal_emit_by_name (self, "news", news);
}

void
cv_test_telephony_ring (CvTestTelephony *self, const char *call, const char *from, const char *source)
{
  const CvSipNews rings = { .type = CV_SIP_NEWS_CALL, .call = call, .from = from, .source = source, .trunk = "trunk" };
  const CvSipNews ready = { .type = CV_SIP_NEWS_READY, .call = call, .codec = "PCMA", .security = "none" };
  cv_test_telephony_say (self, &rings);
  cv_test_telephony_say (self, &ready);
}

void
cv_test_telephony_type (CvTestTelephony *self, const char *call, const char *digits)
{
  cv_test_telephony_say (self, &(CvSipNews){ .type = CV_SIP_NEWS_PIN, .call = call, .digits = digits });
}

void
cv_test_telephony_press (CvTestTelephony *self, const char *call, CvSipKey key)
{
  cv_test_telephony_say (self, &(CvSipNews){ .type = CV_SIP_NEWS_KEY, .call = call, .key = key });
}

void
cv_test_telephony_go (CvTestTelephony *self, const char *call, const char *reason)
{
  cv_test_telephony_say (self, &(CvSipNews){ .type = CV_SIP_NEWS_GONE, .call = call, .reason = reason });
}

void
cv_test_telephony_crash (CvTestTelephony *self)
{
  self->down = TRUE;
  g_signal_emit_by_name (self, "down");
  self->down = FALSE;
  g_signal_emit_by_name (self, "up");
}
