/* conclave-rtc: people in meetings, generated: ICE, DTLS, SRTP, RTP; many in one process.
 *
 * Signalling is not in it: commands come by lines on standard input, descriptions and what happens go to standard output
 * (README.md), so that a small driver connects it to any server. One process, one thread.
 */
#include "rtc/control.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK 65536
#define PROFILES "SRTP_AEAD_AES_128_GCM:SRTP_AEAD_AES_256_GCM:SRTP_AES128_CM_SHA1_80"

typedef struct {
  CvRtcEngine *engine;
  GString *input;
  gboolean ended;
} Program;

static void
emit (const char *line)
{
  fputs (line, stdout);
  putchar ('\n');
  fflush (stdout);
}

static void
on_input (gpointer user_data)
{
  Program *program = user_data;
  char chunk[CHUNK];
  ssize_t n = read (STDIN_FILENO, chunk, sizeof chunk);
  if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
    program->ended = TRUE;
  if (n <= 0)
    return;
  g_string_append_len (program->input, chunk, n);
  while (!program->ended) {
    char *end = strchr (program->input->str, '\n');
    if (end == NULL)
      return;
    *end = '\0';
    if (program->input->str[0] != '\0' && !cv_rtc_control (program->engine, program->input->str))
      program->ended = TRUE;
    g_string_erase (program->input, 0, end + 1 - program->input->str);
  }
}

static gboolean
set_up (CvRtcContext *context, const char *decrypt, int sample, const char *address)
{
  if (decrypt != NULL && strcmp (decrypt, "all") == 0)
    context->decrypt = CV_RTC_DECRYPT_ALL;
  else if (decrypt != NULL && strcmp (decrypt, "none") == 0)
    context->decrypt = CV_RTC_DECRYPT_NONE;
  else if (decrypt != NULL && strcmp (decrypt, "sample") != 0)
    return FALSE;
  if (sample > 0)
    context->sample = (guint) sample;
  if (address != NULL) {
    g_free (context->address);
    context->address = g_strdup (address);
  }
  return TRUE;
}

int
main (int argc, char *argv[])
{
  g_autofree char *decrypt = NULL, *profiles = NULL, *ciphers = NULL, *address = NULL;
  gboolean user_time = FALSE, no_pli = FALSE, no_nack = FALSE;
  int sample = 0;
  const GOptionEntry entries[] = {
    { "decrypt", 0, 0, G_OPTION_ARG_STRING, &decrypt, "What is opened: none, sample (the default) or all", "WHAT" },
    { "sample", 0, 0, G_OPTION_ARG_INT, &sample, "Each how many packets are opened (16)", "N" },
    { "profiles", 0, 0, G_OPTION_ARG_STRING, &profiles, "SRTP profiles, as OpenSSL lists them", "LIST" },
    { "ciphers", 0, 0, G_OPTION_ARG_STRING, &ciphers, "DTLS ciphers, as OpenSSL lists them", "LIST" },
    { "ip", 0, 0, G_OPTION_ARG_STRING, &address, "Where sockets are bound (127.0.0.1)", "ADDRESS" },
    { "user-time", 0, 0, G_OPTION_ARG_NONE, &user_time, "Stamp arrivals here, not in the kernel", NULL },
    { "no-pli", 0, 0, G_OPTION_ARG_NONE, &no_pli, "Never ask for a keyframe", NULL },
    { "no-nack", 0, 0, G_OPTION_ARG_NONE, &no_nack, "Never ask for a packet again", NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GOptionContext) options = g_option_context_new (NULL);
  g_option_context_add_main_entries (options, entries, NULL);
  if (!g_option_context_parse (options, &argc, &argv, &error)) {
    g_printerr ("conclave-rtc: %s\n", error->message);
    return 2;
  }
  signal (SIGPIPE, SIG_IGN);
  Program program = { .engine = cv_rtc_engine_new (profiles != NULL ? profiles : PROFILES, ciphers, emit) };
  if (program.engine == NULL || !set_up (&program.engine->context, decrypt, sample, address)) {
    g_printerr ("conclave-rtc: bad profiles, ciphers or what to decrypt\n");
    return 2;
  }
  program.engine->context.kernel_time = !user_time;
  program.engine->context.pli = !no_pli;
  program.engine->context.nack = !no_nack;
  program.input = g_string_new (NULL);
  fcntl (STDIN_FILENO, F_SETFL, fcntl (STDIN_FILENO, F_GETFL) | O_NONBLOCK);
  cv_rtc_engine_watch (program.engine, STDIN_FILENO);
  cv_rtc_emit (&program.engine->context, "{\"event\":\"ready\",\"fingerprint\":\"%s\"}",
               program.engine->identity->fingerprint_text);
  while (!program.ended)
    cv_rtc_engine_iterate (program.engine, STDIN_FILENO, on_input, &program);
  cv_rtc_engine_free (program.engine);
  g_string_free (program.input, TRUE);
  return EXIT_SUCCESS;
}
