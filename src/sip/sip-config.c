/* See sip-config.h. */
#include "sip/sip-config.h"

#include "base/ids.h"

#include <arpa/inet.h>
#include <string.h>

#define MAX_URI 200

static const char *const transports[] = { "udp", "tcp", "tls", NULL };
static const char *const languages[] = { "en", "de", "fr", "nl", NULL };
static const char *const policies[] = { "off", "prefer", "require", NULL };
static const char *const strangers[] = { "refuse", "silent", NULL };

const char *
cv_sip_transport_get_name (CvSipTransport transport)
{
  return transports[transport];
}

static gboolean
is_address (const char *text)
{
  guint8 bytes[16];
  return text != NULL && (inet_pton (AF_INET, text, bytes) == 1 || inet_pton (AF_INET6, text, bytes) == 1);
}

static gboolean
read_address (CvJsonReader *reader, const char *name, gboolean may_be_empty, char out[46])
{
  const char *text = cv_json_reader_text (reader, name, may_be_empty ? 0 : 1, 45, FALSE);
  if (text == NULL || (*text != '\0' && !is_address (text)))
    return FALSE;
  g_strlcpy (out, text, 46);
  return TRUE;
}

static gboolean
read_listeners (CvSipConfig *self, CvJsonReader *reader)
{
  JsonArray *array = cv_json_reader_objects (reader, "listen", CV_SIP_MAX_LISTENERS);
  self->n_listeners = array != NULL ? json_array_get_length (array) : 0;
  for (guint i = 0; i < self->n_listeners; i++) {
    CvSipListener *listener = &self->listeners[i];
    CvJsonReader item;
    cv_json_reader_init (&item, json_array_get_object_element (array, i));
    int transport = cv_json_reader_choice (&item, "transport", transports);
    gboolean fine = read_address (&item, "address", FALSE, listener->address);
    listener->port = (guint16) cv_json_reader_int (&item, "port", 0, 65535);
    if (!cv_json_reader_finish (&item, NULL) || !fine)
      return FALSE;
    listener->transport = (CvSipTransport) transport;
  }
  return self->n_listeners > 0;
}

static gboolean
read_rtp (CvSipConfig *self, CvJsonReader *reader)
{
  JsonObject *object = cv_json_reader_object (reader, "rtp");
  CvJsonReader item;
  if (object == NULL)
    return FALSE;
  cv_json_reader_init (&item, object);
  gboolean fine = read_address (&item, "address", FALSE, self->rtp_address);
  self->rtp_first = (guint16) cv_json_reader_int (&item, "first", 1024, 65534);
  self->rtp_last = (guint16) cv_json_reader_int (&item, "last", 1025, 65535);
  return cv_json_reader_finish (&item, NULL) && fine && self->rtp_first < self->rtp_last;
}

static gboolean
read_limits (CvSipConfig *self, CvJsonReader *reader)
{
  JsonObject *object = cv_json_reader_object (reader, "limits");
  CvJsonReader item;
  if (object == NULL)
    return FALSE;
  cv_json_reader_init (&item, object);
  self->calls = (guint) cv_json_reader_int (&item, "calls", 1, CV_SIP_MAX_CALLS);
  self->calls_per_source = (guint) cv_json_reader_int (&item, "calls_per_source", 1, CV_SIP_MAX_CALLS);
  self->invites_per_second = (guint) cv_json_reader_int (&item, "invites_per_second", 1, 100);
  return cv_json_reader_finish (&item, NULL);
}

static char **
read_registrars (CvJsonReader *reader)
{
  JsonArray *array = cv_json_reader_strings (reader, "registrars", CV_SIP_MAX_REGISTRARS, MAX_URI);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    const char *uri = json_array_get_string_element (array, i);
    if (!g_str_has_prefix (uri, "sip:") && !g_str_has_prefix (uri, "sips:"))
      return NULL;
    g_strv_builder_add (builder, uri);
  }
  return g_strv_builder_end (builder);
}

static gboolean
read_sources (CvSipTrunkConfig *self, CvJsonReader *reader)
{
  JsonArray *array = cv_json_reader_strings (reader, "addresses", CV_SOURCES_MAX, CV_SIP_MAX_TEXT);
  if (array == NULL || json_array_get_length (array) == 0)
    return array != NULL;
  self->sources = cv_sources_new ();
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!cv_sources_add (self->sources, json_array_get_string_element (array, i)))
      return FALSE;
  return TRUE;
}

static gboolean
read_trunk (CvSipTrunkConfig *self, JsonObject *object)
{
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  self->name = g_strdup (cv_json_reader_text (&reader, "name", 1, CV_SIP_MAX_NAME, FALSE));
  self->registrars = read_registrars (&reader);
  self->user = g_strdup (cv_json_reader_text (&reader, "user", 0, CV_SIP_MAX_TEXT, FALSE));
  self->password = g_strdup (cv_json_reader_text (&reader, "password", 0, CV_SIP_MAX_TEXT, FALSE));
  self->display = g_strdup (cv_json_reader_text (&reader, "display", 0, 40, FALSE));
  gboolean fine = read_sources (self, &reader);
  self->calls = (guint) cv_json_reader_int (&reader, "calls", 1, CV_SIP_MAX_CALLS);
  self->expires = (guint) cv_json_reader_int (&reader, "expires", 60, 86400);
  if (!cv_json_reader_finish (&reader, NULL) || !fine || self->registrars == NULL)
    return FALSE;
  /* who neither registers nor is listed would be anybody */
  return self->registrars[0] != NULL ? *self->user != '\0' : self->sources != NULL;
}

static gboolean
read_trunks (CvSipConfig *self, CvJsonReader *reader)
{
  JsonArray *array = cv_json_reader_objects (reader, "trunks", CV_SIP_MAX_TRUNKS);
  guint n = array != NULL ? json_array_get_length (array) : 0;
  for (guint i = 0; i < n; i++) {
    self->n_trunks = i + 1;
    if (!read_trunk (&self->trunks[i], json_array_get_object_element (array, i)))
      return FALSE;
    for (guint k = 0; k < i; k++)
      if (g_str_equal (self->trunks[k].name, self->trunks[i].name))
        return FALSE;
  }
  return n > 0;
}

static gboolean
is_any (const char *address)
{
  return g_str_equal (address, "0.0.0.0") || g_str_equal (address, "::");
}

/* People are told an address: one that means all of a machine's is none. */
static gboolean
has_address (const CvSipConfig *self)
{
  gboolean any = is_any (self->rtp_address);
  for (guint i = 0; i < self->n_listeners; i++)
    any |= is_any (self->listeners[i].address);
  return !any || self->external[0] != '\0';
}

CvSipConfig *
cv_sip_config_read (CvJsonReader *reader)
{
  g_autoptr (CvSipConfig) self = g_new0 (CvSipConfig, 1);
  int language = cv_json_reader_choice (reader, "language", languages);
  int security = cv_json_reader_choice (reader, "security", policies);
  self->silent = cv_json_reader_choice (reader, "unknown", strangers) == 1;
  self->pin_in_uri = cv_json_reader_bool (reader, "pin_in_uri");
  if (!read_address (reader, "external", TRUE, self->external) || !read_listeners (self, reader) ||
      !read_rtp (self, reader) || !read_limits (self, reader) || !read_trunks (self, reader) || !has_address (self) ||
      reader->error != NULL)
    return NULL;
  g_strlcpy (self->language, languages[language], sizeof self->language);
  self->security = (CvSipPolicy) security;
  return g_steal_pointer (&self);
}

static void
clear_trunk (CvSipTrunkConfig *self)
{
  if (self->password != NULL)
    cv_wipe (self->password, strlen (self->password));
  g_free (self->password);
  g_free (self->name);
  g_free (self->user);
  g_free (self->display);
  g_strfreev (self->registrars);
  g_clear_pointer (&self->sources, cv_sources_free);
}

void
cv_sip_config_free (CvSipConfig *self)
{
  for (guint i = 0; i < self->n_trunks; i++)
    clear_trunk (&self->trunks[i]);
  g_free (self);
}

gboolean
cv_sip_config_has_tls (const CvSipConfig *self)
{
  for (guint i = 0; i < self->n_listeners; i++)
    if (self->listeners[i].transport == CV_SIP_TLS)
      return TRUE;
  return FALSE;
}
