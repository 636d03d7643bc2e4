/* Answers of the server as text for people.
 *
 * Owns nothing. Any thread. Members that the server did not send are shown as empty: a newer or older one may differ.
 */
#include "ctl/print.h"

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

char *
cv_print_room (JsonObject *room)
{
  g_autofree char *created = cv_print_time (get_int (room, "created"));
  const char *meeting = get_text (room, "meeting");
  gboolean available = json_object_get_boolean_member_with_default (room, "available", TRUE);

  return g_strdup_printf ("Id:       %s\n"
                          "Title:    %s\n"
                          "Kind:     %s%s\n"
                          "Created:  %s\n"
                          "Meeting:  %s\n"
                          "People:   %d\n",
                          get_text (room, "id"), get_text (room, "title"), get_text (room, "kind"),
                          available ? "" : " (not available in this build)", created,
                          meeting[0] != '\0' ? meeting : "none is running", (int) get_int (room, "people"));
}

/* The title stands last: it may be wide, and nothing is aligned after it. */
char *
cv_print_rooms (JsonObject *answer)
{
  JsonNode *node = json_object_get_member (answer, "rooms");
  JsonArray *rooms = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  GString *text;

  if (rooms == NULL || json_array_get_length (rooms) == 0)
    return g_strdup ("There are no rooms.\n");

  text = g_string_new (NULL);
  g_string_append_printf (text, "%-12s  %-9s  %-16s  %6s  %-13s  %s\n", "ID", "KIND", "CREATED", "PEOPLE", "MEETING",
                          "TITLE");
  for (guint i = 0; i < json_array_get_length (rooms); i++) {
    JsonNode *element = json_array_get_element (rooms, i);
    JsonObject *room = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
    g_autofree char *created = room != NULL ? cv_print_time (get_int (room, "created")) : NULL;
    const char *meeting = room != NULL ? get_text (room, "meeting") : "";

    if (room == NULL)
      continue;
    g_string_append_printf (text, "%-12s  %-9s  %-16s  %6d  %-13s  %s\n", get_text (room, "id"),
                            get_text (room, "kind"), created, (int) get_int (room, "people"),
                            meeting[0] != '\0' ? meeting : "-", get_text (room, "title"));
  }
  return g_string_free (text, FALSE);
}

char *
cv_print_status (JsonObject *status)
{
  g_autofree char *up = cv_print_duration (get_int (status, "uptime_ms"));

  return g_strdup_printf ("Version:     %s\n"
                          "Address:     %s\n"
                          "Up for:      %s\n"
                          "Rooms:       %d\n"
                          "Meetings:    %d\n"
                          "People:      %d\n"
                          "WebSockets:  %d\n",
                          get_text (status, "version"), get_text (status, "url"), up, (int) get_int (status, "rooms"),
                          (int) get_int (status, "meetings"), (int) get_int (status, "people"),
                          (int) get_int (status, "sockets"));
}
