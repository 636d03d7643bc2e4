/* See password.h. */
#include "ctl/password.h"

#include "base/ids.h"
#include "base/link.h"
#include "ctl/client.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define MAX_BYTES 1024

/* Returns: (transfer full). */
static char *
read_line (void)
{
  char line[MAX_BYTES] = "";
  char *text;

  if (fgets (line, sizeof line, stdin) != NULL)
    line[strcspn (line, "\r\n")] = '\0';
  text = g_strdup (line);
  cv_wipe (line, sizeof line);
  return text;
}

/* Returns: (transfer full). */
static char *
ask (const char *prompt)
{
  struct termios before, silent;
  gboolean known = tcgetattr (STDIN_FILENO, &before) == 0;
  char *text;

  if (known) {
    silent = before;
    silent.c_lflag &= ~(tcflag_t) ECHO;
    tcsetattr (STDIN_FILENO, TCSAFLUSH, &silent);
  }
  fputs (prompt, stderr); /* last: what is typed before is thrown away */
  text = read_line ();
  if (known)
    tcsetattr (STDIN_FILENO, TCSAFLUSH, &before);
  fputc ('\n', stderr);
  return text;
}

static char *
ask_twice (GError **error)
{
  char *text = ask ("Password: "), *again = ask ("Once more: ");
  gboolean same = g_str_equal (text, again);

  cv_link_free_url (again);
  if (same)
    return text;
  cv_link_free_url (text);
  g_set_error_literal (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_REFUSED, "These are two different passwords.");
  return NULL;
}

char *
cv_password_read (GError **error)
{
  char *text = isatty (STDIN_FILENO) ? ask_twice (error) : read_line ();

  if (text == NULL || (*text != '\0' && g_utf8_validate (text, -1, NULL)))
    return text;
  cv_link_free_url (text);
  g_set_error_literal (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_REFUSED,
                       "There is no password in the first line of standard input.");
  return NULL;
}
