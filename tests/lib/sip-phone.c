/* See sip-phone.h. */
#include "lib/sip-phone.h"

#include "base/ids.h"
#include "lib/wait.h"

#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

char *
cv_test_sip_open (const char *unknown, guint calls, guint invites_per_second, const char *trunk)
{
  return g_strdup_printf (
    "{\"language\":\"en\",\"external\":\"\",\"security\":\"prefer\",\"unknown\":\"%s\",\"pin_in_uri\":true,"
    "\"listen\":[{\"transport\":\"udp\",\"address\":\"127.0.0.1\",\"port\":0}],"
    "\"rtp\":{\"address\":\"127.0.0.1\",\"first\":20000,\"last\":59999},"
    "\"limits\":{\"calls\":%u,\"calls_per_source\":%u,\"invites_per_second\":%u},"
    "\"trunks\":[{\"name\":\"one\",\"user\":\"\",\"password\":\"\",\"display\":\"\",%s\"calls\":1000,\"expires\":600}]"
    "}",
    unknown, calls, calls, invites_per_second, trunk);
}

CvSipConfig *
cv_test_sip_config (const char *unknown, guint calls, guint invites_per_second, const char *trunk)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = cv_test_sip_open (unknown, calls, invites_per_second, trunk);
  g_autoptr (JsonObject) object = cv_json_parse (text, strlen (text), &error);
  g_assert_no_error (error);
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  CvSipConfig *self = cv_sip_config_read (&reader);
  cv_json_reader_finish (&reader, &error);
  g_assert_no_error (error);
  g_assert_nonnull (self);
  return self;
}

CvTestSipPhone *
cv_test_sip_phone_new (guint16 target)
{
  CvTestSipPhone *self = g_new0 (CvTestSipPhone, 1);
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t n = sizeof address;
  self->fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  g_assert_cmpint (bind (self->fd, (struct sockaddr *) &address, n), ==, 0);
  g_assert_cmpint (getsockname (self->fd, (struct sockaddr *) &address, &n), ==, 0);
  self->port = ntohs (address.sin_port);
  self->target = target;
  self->call_id = cv_id_new ("");
  self->tag = cv_id_new ("");
  self->number = "room";
  return self;
}

void
cv_test_sip_phone_free (CvTestSipPhone *self)
{
  close (self->fd);
  g_free (self->call_id);
  g_free (self->tag);
  g_free (self->to_tag);
  g_free (self->branch);
  g_free (self->request);
  g_free (self->last);
  g_free (self);
}

static void
send_text (CvTestSipPhone *self, const char *text)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK),
                                 .sin_port = htons (self->target) };
  g_assert_cmpint (sendto (self->fd, text, strlen (text), 0, (struct sockaddr *) &address, sizeof address), >, 0);
}

static const char *
get_type (const char *body)
{
  return *body == '\0'                   ? ""
         : g_str_has_prefix (body, "v=") ? "Content-Type: application/sdp\r\n"
                                         : "Content-Type: application/dtmf-relay\r\n";
}

void
cv_test_sip_phone_send (CvTestSipPhone *self, const char *method, const char *headers, const char *body)
{
  gboolean ack = g_str_equal (method, "ACK"), cancel = g_str_equal (method, "CANCEL");
  if (!ack && !cancel)
    self->seq++;
  if (!cancel) {
    g_free (self->branch);
    self->branch = cv_id_new ("z9hG4bK");
  }
  g_autofree char *text = g_strdup_printf (
    "%s sip:%s@127.0.0.1:%u SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;rport;branch=%s\r\nMax-Forwards: 70\r\n"
    "From: <sip:+4930123456@example.org>;tag=%s\r\nTo: <sip:room@127.0.0.1>%s%s\r\nCall-ID: %s\r\nCSeq: %u %s\r\n"
    "Contact: <sip:+4930123456@127.0.0.1:%u>\r\n%s%sContent-Length: %zu\r\n\r\n%s",
    method, self->number, self->target, self->port, self->branch, self->tag, self->to_tag != NULL ? ";tag=" : "",
    self->to_tag != NULL ? self->to_tag : "", self->call_id, self->seq, method, self->port, headers, get_type (body),
    strlen (body), body);
  send_text (self, text);
}

gboolean
cv_test_sip_phone_has (CvTestSipPhone *self)
{
  struct pollfd one = { self->fd, POLLIN, 0 };
  return poll (&one, 1, 0) == 1;
}

const char *
cv_test_sip_phone_receive (CvTestSipPhone *self)
{
  char text[16384];
  cv_test_wait_until (cv_test_sip_phone_has (self));
  ssize_t n = recv (self->fd, text, sizeof text - 1, 0);
  g_assert_cmpint (n, >, 0);
  g_free (self->last);
  return self->last = g_strndup (text, (gsize) n);
}

char *
cv_test_sip_get (const char *message, const char *name)
{
  g_auto (GStrv) lines = g_strsplit (message, "\r\n", -1);
  g_autofree char *prefix = g_strconcat (name, ": ", NULL);
  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    if (g_str_has_prefix (lines[i], prefix))
      return g_strdup (lines[i] + strlen (prefix));
  return NULL;
}

static void
keep_tag (CvTestSipPhone *self)
{
  g_autofree char *to = cv_test_sip_get (self->last, "To");
  const char *tag = to != NULL ? strstr (to, ";tag=") : NULL;
  if (tag == NULL)
    return;
  g_free (self->to_tag);
  self->to_tag = g_strdup (tag + strlen (";tag="));
}

guint
cv_test_sip_phone_ask (CvTestSipPhone *self, const char *method, const char *headers, const char *body)
{
  cv_test_sip_phone_send (self, method, headers, body);
  for (;;) {
    const char *text = cv_test_sip_phone_receive (self);
    guint status = g_str_has_prefix (text, "SIP/2.0 ") ? (guint) atoi (text + strlen ("SIP/2.0 ")) : 0;
    if (status < 200)
      continue;
    if (status < 300)
      keep_tag (self);
    return status;
  }
}

void
cv_test_sip_phone_ack (CvTestSipPhone *self, const char *body)
{
  cv_test_sip_phone_send (self, "ACK", "", body);
  cv_test_settle ();
}

void
cv_test_sip_phone_call (CvTestSipPhone *self, const char *headers)
{
  g_assert_cmpuint (cv_test_sip_phone_ask (self, "INVITE", headers, CV_TEST_SIP_SDP), ==, 200);
  cv_test_sip_phone_ack (self, "");
}

const char *
cv_test_sip_phone_expect (CvTestSipPhone *self, const char *method)
{
  g_autofree char *start = g_strconcat (method, " ", NULL);
  while (!g_str_has_prefix (cv_test_sip_phone_receive (self), start))
    ;
  g_free (self->request);
  return self->request = g_strdup (self->last);
}

void
cv_test_sip_phone_answer (CvTestSipPhone *self, const char *status, const char *headers, const char *body)
{
  g_autofree char *via = cv_test_sip_get (self->request, "Via"), *from = cv_test_sip_get (self->request, "From"),
                  *to = cv_test_sip_get (self->request, "To"), *call_id = cv_test_sip_get (self->request, "Call-ID"),
                  *cseq = cv_test_sip_get (self->request, "CSeq");
  g_autofree char *text = g_strdup_printf (
    "SIP/2.0 %s\r\nVia: %s\r\nFrom: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %s\r\n%s%sContent-Length: %zu\r\n\r\n%s",
    status, via, from, to, call_id, cseq, headers, get_type (body), strlen (body), body);
  send_text (self, text);
}
