/* Answers of the server as text for people.
 *
 * Owns nothing. Any thread. Members that the server did not send are shown as empty: a newer or older one may differ.
 */
#include "ctl/print.h"

#include <stdio.h>

/* µs between two looks at how far something is */
#define PROGRESS_US 200000
#define MINUTE_MS (G_GINT64_CONSTANT (60) * 1000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

static const char *
get_text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, "");
}

static gint64
get_int (JsonObject *object, const char *name)
{
  return json_object_get_int_member_with_default (object, name, 0);
}

char *
cv_print_time (gint64 ms)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (ms / 1000);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M") : g_strdup ("");
}

char *
cv_print_duration (gint64 ms)
{
  gint64 days = ms / DAY_MS, hours = ms % DAY_MS / HOUR_MS, minutes = ms % HOUR_MS / MINUTE_MS;

  if (days > 0)
    return g_strdup_printf ("%d %s %d h", (int) days, days == 1 ? "day" : "days", (int) hours);
  if (hours > 0)
    return g_strdup_printf ("%d h %d min", (int) hours, (int) minutes);
  if (minutes > 0)
    return g_strdup_printf ("%d min %d s", (int) minutes, (int) (ms % MINUTE_MS / 1000));
  return g_strdup_printf ("%d s", (int) (ms / 1000));
}

/* What a room says of recordings; a server that knows none says nothing. Returns: (transfer full). */
static char *
print_recording (JsonObject *room)
{
  if (!json_object_get_boolean_member_with_default (room, "recording", FALSE))
    return g_strdup ("off");
  return g_strdup_printf ("on, %s", g_str_equal (get_text (room, "consent"), "require") ? "people have to agree"
                                                                                        : "people are told");
}

char *
cv_print_dial_in (JsonObject *room)
{
  JsonNode *node = json_object_get_member (room, "dial_in");
  JsonObject *dial_in = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonNode *list = dial_in != NULL ? json_object_get_member (dial_in, "numbers") : NULL;
  JsonArray *numbers = list != NULL && JSON_NODE_HOLDS_ARRAY (list) ? json_node_get_array (list) : NULL;
  GString *text = g_string_new (NULL);

  for (guint i = 0; numbers != NULL && i < json_array_get_length (numbers); i++)
    g_string_append_printf (text, "%s%s\n", i == 0 ? "By phone:        " : "                 ",
                            json_array_get_string_element (numbers, i));
  if (dial_in != NULL)
    g_string_append_printf (text, "PIN:             %s#\nPIN for hosts:   %s#\n\n", get_text (dial_in, "pin"),
                            get_text (dial_in, "host_pin"));
  return g_string_free (text, FALSE);
}

char *
cv_print_room (JsonObject *room)
{
  g_autofree char *created = cv_print_time (get_int (room, "created"));
  g_autofree char *recording = print_recording (room);
  g_autofree char *dial_in = cv_print_dial_in (room);
  const char *meeting = get_text (room, "meeting");
  gboolean available = json_object_get_boolean_member_with_default (room, "available", TRUE);

  return g_strdup_printf ("Id:       %s\n"
                          "Title:    %s\n"
                          "Kind:     %s%s\n"
                          "Created:  %s\n"
                          "Meeting:  %s\n"
                          "People:   %d\n"
                          "Recorded: %s\n"
                          "%s%s",
                          get_text (room, "id"), get_text (room, "title"), get_text (room, "kind"),
                          available ? "" : " (not available in this build)", created,
                          meeting[0] != '\0' ? meeting : "none is running", (int) get_int (room, "people"), recording,
                          *dial_in != '\0' ? "\n" : "", dial_in);
}

/* The array's objects; what is none is left out. Returns: (transfer container). */
static GPtrArray *
get_objects (JsonObject *answer, const char *name)
{
  JsonNode *node = json_object_get_member (answer, name);
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  GPtrArray *objects = g_ptr_array_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonNode *element = json_array_get_element (array, i);

    if (JSON_NODE_HOLDS_OBJECT (element))
      g_ptr_array_add (objects, json_node_get_object (element));
  }
  return objects;
}

/* The title stands last: it may be wide, and nothing is aligned after it. */
char *
cv_print_rooms (JsonObject *answer)
{
  g_autoptr (GPtrArray) rooms = get_objects (answer, "rooms");
  GString *text;

  if (rooms->len == 0)
    return g_strdup ("There are no rooms.\n");

  text = g_string_new (NULL);
  g_string_append_printf (text, "%-12s  %-9s  %-16s  %6s  %-13s  %s\n", "ID", "KIND", "CREATED", "PEOPLE", "MEETING",
                          "TITLE");
  for (guint i = 0; i < rooms->len; i++) {
    JsonObject *room = g_ptr_array_index (rooms, i);
    g_autofree char *created = cv_print_time (get_int (room, "created"));
    const char *meeting = get_text (room, "meeting");

    g_string_append_printf (text, "%-12s  %-9s  %-16s  %6d  %-13s  %s\n", get_text (room, "id"),
                            get_text (room, "kind"), created, (int) get_int (room, "people"),
                            meeting[0] != '\0' ? meeting : "-", get_text (room, "title"));
  }
  return g_string_free (text, FALSE);
}

char *
cv_print_meetings (JsonObject *answer)
{
  g_autoptr (GPtrArray) meetings = get_objects (answer, "meetings");
  GString *text;

  if (meetings->len == 0)
    return g_strdup ("There were no meetings in this room.\n");
  text = g_string_new (NULL);
  g_string_append_printf (text, "%-13s  %-16s  %-16s  %s\n", "ID", "BEGAN", "ENDED", "REASON");
  for (guint i = 0; i < meetings->len; i++) {
    JsonObject *meeting = g_ptr_array_index (meetings, i);
    gint64 end = get_int (meeting, "ended");
    g_autofree char *began = cv_print_time (get_int (meeting, "started"));
    g_autofree char *ended = end != 0 ? cv_print_time (end) : g_strdup ("-");

    g_string_append_printf (text, "%-13s  %-16s  %-16s  %s\n", get_text (meeting, "id"), began, ended,
                            end != 0 ? get_text (meeting, "reason") : "it runs");
  }
  return g_string_free (text, FALSE);
}

char *
cv_print_size (gint64 bytes)
{
  static const char *const units[] = { "kB", "MB", "GB", "TB" };
  double size = (double) bytes / 1000;
  guint i = 0;

  if (bytes < 1000)
    return g_strdup_printf ("%d B", (int) bytes);
  for (; size >= 999.5 && i + 1 < G_N_ELEMENTS (units); i++)
    size /= 1000;
  return g_strdup_printf (size < 9.95 ? "%.1f %s" : "%.0f %s", size, units[i]);
}

/* "never", a time, or that it is revoked. */
static char *
print_expiry (JsonObject *token)
{
  if (get_int (token, "revoked") != 0)
    return g_strdup ("revoked");
  return get_int (token, "expires") != 0 ? cv_print_time (get_int (token, "expires")) : g_strdup ("never");
}

char *
cv_print_token (JsonObject *token)
{
  g_autofree char *created = cv_print_time (get_int (token, "created"));
  g_autofree char *expires = print_expiry (token);

  return g_strdup_printf ("Id:       %s\n"
                          "Room:     %s\n"
                          "Use:      %s\n"
                          "Name:     %s\n"
                          "Created:  %s\n"
                          "Expires:  %s\n",
                          get_text (token, "id"), get_text (token, "room"), get_text (token, "kind"),
                          get_text (token, "name"), created, expires);
}

/* What expires, with the text `what` in a column of `width`. */
static char *
print_expiring (GPtrArray *list, const char *what, const char *heading, int width)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%-13s  %-*s  %-16s  %-16s  %s\n", "ID", width, heading, "CREATED", "EXPIRES", "NAME");
  for (guint i = 0; i < list->len; i++) {
    JsonObject *one = g_ptr_array_index (list, i);
    g_autofree char *created = cv_print_time (get_int (one, "created"));
    g_autofree char *expires = print_expiry (one);

    g_string_append_printf (text, "%-13s  %-*s  %-16s  %-16s  %s\n", get_text (one, "id"), width, get_text (one, what),
                            created, expires, get_text (one, "name"));
  }
  return g_string_free (text, FALSE);
}

char *
cv_print_tokens (JsonObject *answer)
{
  g_autoptr (GPtrArray) tokens = get_objects (answer, "tokens");

  return tokens->len == 0 ? g_strdup ("This room has no tokens.\n") : print_expiring (tokens, "kind", "USE", 7);
}

char *
cv_print_status (JsonObject *status)
{
  g_autofree char *up = cv_print_duration (get_int (status, "uptime_ms"));
  g_autofree char *backup = cv_print_time (get_int (status, "backup"));

  return g_strdup_printf ("Version:     %s\n"
                          "Address:     %s\n"
                          "Up for:      %s\n"
                          "Rooms:       %d\n"
                          "Meetings:    %d\n"
                          "People:      %d\n"
                          "WebSockets:  %d\n"
                          "Backup:      %s\n",
                          get_text (status, "version"), get_text (status, "url"), up, (int) get_int (status, "rooms"),
                          (int) get_int (status, "meetings"), (int) get_int (status, "people"),
                          (int) get_int (status, "sockets"), get_int (status, "backup") != 0 ? backup : "none yet");
}

/* ---- keys ---- */

char *
cv_print_key (JsonObject *key)
{
  g_autofree char *created = cv_print_time (get_int (key, "created"));
  g_autofree char *expires = print_expiry (key);

  return g_strdup_printf ("Id:       %s\n"
                          "Name:     %s\n"
                          "Role:     %s\n"
                          "Created:  %s\n"
                          "Expires:  %s\n",
                          get_text (key, "id"), get_text (key, "name"), get_text (key, "role"), created, expires);
}

char *
cv_print_keys (JsonObject *answer)
{
  g_autoptr (GPtrArray) keys = get_objects (answer, "keys");

  return keys->len == 0 ? g_strdup ("There are no keys.\n") : print_expiring (keys, "role", "ROLE", 13);
}

/* ---- documents ---- */

char *
cv_print_documents (JsonObject *answer)
{
  g_autoptr (GPtrArray) documents = get_objects (answer, "documents");
  GString *text;

  if (documents->len == 0)
    return g_strdup ("There are no documents.\n");

  text = g_string_new (NULL);
  g_string_append_printf (text, "%-13s  %-16s  %9s  %-9s  %s\n", "ID", "SHARED", "SIZE", "STATUS", "NAME");
  for (guint i = 0; i < documents->len; i++) {
    JsonObject *document = g_ptr_array_index (documents, i);
    g_autofree char *shared = cv_print_time (get_int (document, "at"));
    g_autofree char *size = cv_print_size (get_int (document, "bytes"));

    g_string_append_printf (text, "%-13s  %-16s  %9s  %-9s  %s, by %s\n", get_text (document, "id"), shared, size,
                            get_text (document, "status"), get_text (document, "name"), get_text (document, "by"));
  }
  return g_string_free (text, FALSE);
}

void
cv_print_progress (gint64 done, gint64 bytes, gpointer user_data)
{
  gint64 *told = user_data;
  gint64 now = g_get_monotonic_time ();
  g_autofree char *size = NULL;

  if (done < bytes && now - *told < PROGRESS_US)
    return;
  *told = now;
  size = cv_print_size (bytes);
  fprintf (stderr, "\r%3d %% of %s%s", bytes > 0 ? (int) (done * 100 / bytes) : 100, size, done >= bytes ? "\n" : "");
}

/* ---- users ---- */

/* Returns: (transfer full). */
static char *
print_seen (JsonObject *user)
{
  if (json_object_get_boolean_member_with_default (user, "disabled", FALSE))
    return g_strdup ("disabled");
  return get_int (user, "last_seen") != 0 ? cv_print_time (get_int (user, "last_seen")) : g_strdup ("never");
}

char *
cv_print_user (JsonObject *user)
{
  g_autofree char *created = cv_print_time (get_int (user, "created"));
  g_autofree char *seen = print_seen (user);
  gboolean password = json_object_get_boolean_member_with_default (user, "password", FALSE);

  return g_strdup_printf ("Id:        %s\n"
                          "Login:     %s\n"
                          "Name:      %s\n"
                          "Role:      %s\n"
                          "Created:   %s\n"
                          "Seen:      %s\n"
                          "Password:  %s\n",
                          get_text (user, "id"), get_text (user, "login"), get_text (user, "name"),
                          get_text (user, "role"), created, seen, password ? "yes" : "none yet");
}

char *
cv_print_users (JsonObject *answer)
{
  g_autoptr (GPtrArray) users = get_objects (answer, "users");
  GString *text;

  if (users->len == 0)
    return g_strdup ("There are no users.\n");

  text = g_string_new (NULL);
  g_string_append_printf (text, "%-13s  %-13s  %-16s  %-24s  %s\n", "ID", "ROLE", "SEEN", "LOGIN", "NAME");
  for (guint i = 0; i < users->len; i++) {
    JsonObject *user = g_ptr_array_index (users, i);
    g_autofree char *seen = print_seen (user);

    g_string_append_printf (text, "%-13s  %-13s  %-16s  %-24s  %s\n", get_text (user, "id"), get_text (user, "role"),
                            seen, get_text (user, "login"), get_text (user, "name"));
  }
  return g_string_free (text, FALSE);
}
