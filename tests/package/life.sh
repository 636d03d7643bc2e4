# shellcheck shell=bash
# Sourced by try.sh: what an installed server has and does, and what becomes of it.

# every element of the pipelines that are installed is there, in a system that has what the package depends on
elements() {
  local element found=0 missing=0
  for element in $(in_root sh -c 'sed -e "s/#.*//" /usr/share/conclave/pipelines/*.launch' | tr '!' '\n' |
    sed -n 's/^[[:space:]]*\([a-z][a-z0-9_]*\)\([[:space:]].*\)\{0,1\}$/\1/p' | sort -u); do
    found=$((found + 1))
    in_root gst-inspect-1.0 --exists "$element" || { echo "no element $element" && missing=1; }
  done
  ((found > 15 && missing == 0))
}

look_at_it() {
  local file
  for file in /usr/bin/conclavectl /usr/sbin/conclaved /usr/libexec/conclave/conclave-{media,render,sip} "$unit" \
    /usr/lib/{sysusers,tmpfiles}.d/conclave.conf /usr/share/conclave/{web/index.html,po/de.json,prompts/en,pipelines} \
    /usr/share/bash-completion/completions/conclavectl "$conf" \
    /usr/share/doc/conclave/{copyright,changelog,README.md,docs/operator.md} \
    /usr/share/doc/conclave/examples/{coturn.conf.in,nginx/conclave.conf,nginx/stream.conf,fail2ban/conclave.conf,fail2ban/jail.conf,prometheus/alerts.yml}; do
    check "there is $file" in_root sh -c "[ -e $file ] || [ -e $file.gz ]"
  done
  for file in conclavectl.1 conclave.conf.5 conclaved.8 conclave-{media,render,sip}.8; do
    check "there is a page $file" in_root sh -c "dpkg -L conclave | grep -q '/man/man[158]/$file'"
  done
  check 'the configuration is a file that operators may change' says "^$conf\$" in_root cat /var/lib/dpkg/info/conclave.conffiles
  check 'there is the user, who cannot log in' says '/usr/sbin/nologin$' in_root getent passwd conclave
  check 'secrets are root'\''s' mode_is /etc/conclave/secrets 'root:root 700'
  check 'recordings are readable by nginx' mode_is /var/lib/conclave-recordings 'conclave:www-data 2750'
  check 'documents are readable by nginx' mode_is /var/lib/conclave-documents 'conclave:www-data 2750'
  check 'the unit starts with the machine' in_root test -e /etc/systemd/system/multi-user.target.wants/conclave.service
  check 'what the test itself needs' apt install --no-install-recommends gstreamer1.0-tools
  check 'all elements of the pipelines are there' elements
  check 'the configuration that came with it is right' in_root conclaved --config "$conf.before-conclave" --check-config
  check 'of the one that was set up only the unit can hand the secret over' not in_root conclaved --config "$conf" --check-config
  in_root sed 's/^listen = 127.*/listen = nowhere/' "$conf" >"$root/wrong.conf"
  check 'a wrong one is told' not in_root conclaved --config /wrong.conf --check-config
}

media_runs_as_user() {
  local id
  id=$(running /usr/libexec/conclave/conclave-media | head -n 1)
  [[ -n $id && $(stat -c %u "/proc/$id") == "$(in_root id -u conclave)" ]]
}

run_it() {
  check 'who it is' says '^conclave$' in_root stat -c %U "/proc/$(running /usr/sbin/conclaved)"
  check 'its state is closed' mode_is "$state" 'conclave:conclave 700'
  check 'a Boardroom is made' ctl room create --kind boardroom --title Board --json
  check 'it is healthy' status_is 200 "https://$host/health"
  check 'the start page answers' status_is 200 "https://$host/"
  check 'files that nginx may send are nobody else'\''s to ask for' status_is 404 "https://$host/shared-files/"
  check 'a media process waits, as the same user' within 60 media_runs_as_user
  check 'it says how it is' ctl status
  check 'a backup is made' ctl backup
  # What an operator changes.
  sed -i -e 's/^log-level = info/log-level = notice/' -e '/^\[recording\]/,/^\[/{
    s|^directory =.*|directory = /var/lib/conclave-recordings|
    s|^accel-prefix =.*|accel-prefix = /recorded-files/|
  }' "$root$conf"
  check 'it ends when it is told to' stop conclave
  check 'and starts again' start conclave
}

# told TEXT NAME: the value of a member in JSON.
told() { sed -n "s/.*\"$2\" \{0,1\}: \{0,1\}\"\([^\"]*\)\".*/\1/p" <<<"$1" | head -n 1; }

# film_is CODE: what who has the key gets for the film; it stays in got.
film_is() {
  [[ $(fetch --output "$root/got" --write-out '%{http_code}' --header "Authorization: Bearer $key" "$film") == "$1" ]]
}

# A meeting is recorded, and its film fetched as a producer does: nginx sends it, which may read that folder and nothing else of ours.
record_it() {
  local room id folder key film
  folder=/var/lib/conclave-recordings
  room=$(ctl room create --kind boardroom --recording on --title Recorded --json)
  come_in "$(told "$room" join_url)" 20 &
  check 'a meeting is recorded' within 20 ctl recording start "$(told "$room" id)"
  sleep 3
  check 'until that is stopped' ctl recording stop "$(told "$room" id)"
  check 'its film is made' within 120 says ready ctl recording list --json
  id=$(told "$(ctl recording list --json)" id)
  check 'its folder is nginx'\''s to read' mode_is "$folder/$id" 'conclave:www-data 2750'
  key=$(told "$(ctl key add Archive --role producer --json)" key)
  film=https://$host/api/v1/recordings/$id/files/meeting.mp4
  check 'nobody gets it without a key' status_is 401 "$film"
  check 'a producer gets it' film_is 200
  check 'as it is' cmp "$root/got" "$root$folder/$id/files/meeting.mp4"
  check 'nobody by its place' status_is 404 "https://$host/recorded-files/$id/files/meeting.mp4"
  in_root chmod g= "$folder"
  check 'and it is nginx that sends it' film_is 403
  in_root chmod g=rxs "$folder"
  check 'it is deleted' ctl recording delete "$id"
  check 'and gone' not there "$folder/$id"
}

# next_package: the package once more, newer and with a line more in its configuration.
next_package() {
  local tree=$root/next
  version=$(dpkg-deb --field "$package" Version)+next
  dpkg-deb --raw-extract "$package" "$tree"
  sed -i "s/^Version: .*/Version: $version/" "$tree/DEBIAN/control"
  echo '# A line that came with the next version.' >>"$tree$conf"
  dpkg-deb --root-owner-group -Znone --build "$tree" "$root/next.deb" >/dev/null
  rm -rf "$tree"
}

upgrade_it() {
  local head
  next_package
  head=$(ctl audit head | cut -d ' ' -f 2)
  check 'an upgrade asks about a configuration that both have changed' says 'conffile prompt' in_root dpkg --install /next.deb </dev/null
  check 'keeping it' in_root dpkg --force-confold --configure conclave
  check 'it is the new version' says "^$version\$" in_root dpkg-query -W -f="\${Version}\n" conclave
  check 'the operator'\''s line is still there' in_root grep -q '^log-level = notice' "$conf"
  check 'the new one lies beside it' in_root grep -q 'came with the next version' "$conf.dpkg-dist"
  check 'it starts anew' here systemctl restart conclave
  check 'and knows the room' says Weekly ctl room list
  check 'whose link is good as before' come_in "$link"
  check 'the audit goes on from where it was' says '^The audit is whole' ctl audit verify --head "$head"
  check 'nothing is wrong, or only the clock' here conclavectl doctor
}

only_recordings() { [[ $(ls -A "$root$state") == recordings ]]; }
nothing_left() { ! compgen -G "$root/var/lib/conclave*" && not there /etc/conclave; }

leave_it() {
  # What people would miss.
  in_root install -d -m 2750 -o conclave -g conclave "$state/recordings/one" /var/lib/conclave-recordings/two
  in_root touch "$state/recordings/one/film.mp4" /var/lib/conclave-recordings/two/film.mp4 /var/lib/conclave-documents/file
  check 'it ends' stop conclave
  check 'it can be removed' apt remove conclave
  check 'its programs are gone' not there /usr/sbin/conclaved
  check 'its data are kept' there "$state/conclave.db"
  check 'so is the configuration' there "$conf"
  check 'and secrets' there /etc/conclave/secrets/turn
  check 'it can be purged, and says what it kept' says 'recordings were kept' apt purge conclave
  check 'the configuration is gone, with secrets' not there /etc/conclave
  check 'what certbot ran is gone' not test -L "$root/etc/letsencrypt/renewal-hooks/deploy/conclave"
  check 'the database is gone' not there "$state/conclave.db"
  check 'nothing is left in the state folder but recordings' only_recordings
  check 'documents are gone' not there /var/lib/conclave-documents
  check 'recordings are there' there "$state/recordings/one/film.mp4"
  check 'in the other folder, too' there /var/lib/conclave-recordings/two/film.mp4
  check 'the user stays, whose they are' mode_is "$state/recordings/one" 'conclave:conclave 2750'
  rm -rf "${root:?}$state/recordings/one" "$root/var/lib/conclave-recordings/two"
  check 'it can be installed again' in_root sh -c "cd && apt-get -q -y install --no-install-recommends ./build-package/${package##*/}"
  check 'and purged' apt purge conclave
  check 'without recordings nothing is left' nothing_left
  check 'nginx goes on without it' here systemctl restart nginx
}
