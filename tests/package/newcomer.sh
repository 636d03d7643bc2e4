# shellcheck shell=bash
# Sourced by try.sh: from nothing to a meeting, by the commands of docs/operator.md as they stand there, one after another, with the time
# that each takes. systemctl, sudo and certbot have stand-ins (stand-in/); all else is real.

# Ten minutes, as the page says.
LIMIT=600

# What has been printed on the page, from “Install” on, without what is said about it.
documented() { sed -n '/^## Install$/,/^### What there is to know$/s/^    //p' "$top/docs/operator.md" | sed 's/ *#.*//'; }

# type_it COMMAND: as root types it; what needs packages comes over this machine's network. Return is the answer to all questions.
type_it() {
  case $1 in
  *'apt '*) in_root bash -c "cd && $1" < <(yes '') ;;
  *) here bash -c "cd && $1" </dev/null ;;
  esac
}

prepare_newcomer() {
  # Nothing that comes along starts a service: this is not its network.
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  install -m 755 "$top"/tests/package/stand-in/* "$root/usr/local/bin/"
  mkdir -p "$root/root/build-package" "$root/etc/test-authority"
  cp "$package" "$root/root/build-package/"
}

# Which the whole world trusts.
make_authority() {
  local folder=$root/etc/test-authority
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$folder/ca.key" -out "$folder/ca.pem" -days 3650 \
    -subj '/CN=Test authority' -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign' 2>/dev/null
  cp "$folder/ca.pem" "$root/usr/local/share/ca-certificates/test-authority.crt"
  in_root update-ca-certificates >/dev/null 2>&1
}

# What has to be true once this was typed.
look_behind() {
  case $1 in
  *'apt install ./'*)
    check 'no server comes along' not there /usr/sbin/nginx
    check 'nothing of it is for building' not says '-dev$' in_root dpkg-query -W -f="\${Package}\n"
    check 'it is whole' in_root dpkg --verify conclave
    ;;
  *'apt install nginx'*)
    # As Debian does by itself.
    check 'nginx and coturn run, as they come' here systemctl start nginx coturn
    ;;
  *'setup --host'*'--write'*)
    check 'what was there is kept' there "$conf.before-conclave"
    picture /etc >"$root/before"
    check 'set up once more, there is nothing to do' says 'There is nothing to do' type_it "$1"
    check 'and nothing was changed' cmp "$root/before" <(picture /etc)
    ;;
  *'setup --host'*)
    check 'it only says what it would do' cmp "$root/before" <(picture /etc)
    check 'and does say it' grep -q '^Nothing was written' "$root/step.log"
    ;;
  *'systemctl restart'*)
    check 'nginx runs' here systemctl is-active nginx
    check 'coturn runs' here systemctl is-active coturn
    check 'the server runs' here systemctl is-active conclave
    ;;
  *'conclavectl doctor')
    check 'nothing is wrong or doubtful' only_the_clock
    ;;
  *'room create'*)
    link=$(grep -o 'https://[^ ]*' "$root/step.log" | head -n 1)
    check 'the room is opened by its link, over nginx' come_in "$link"
    ;;
  esac
}

# A machine of the tests may have a clock that nothing keeps.
only_the_clock() {
  cat "$root/step.log"
  grep -q '^ok ' "$root/step.log" && ! grep -E '^(warn|fail|skipped) ' "$root/step.log" | grep -vE '^(warn|skipped) +clock '
}

newcomer() {
  local command started took total=0 said=0
  prepare_newcomer
  make_authority
  while IFS= read -r command; do
    # It has been made.
    [[ $command != tools/package ]] || continue
    said=$((said + 1))
    picture /etc >"$root/before"
    started=$EPOCHREALTIME
    check "$command" typed "$command"
    took=$(((${EPOCHREALTIME/./} - ${started/./}) / 1000))
    total=$((total + took))
    printf '# %d.%03d s  %s\n' $((took / 1000)) $((took % 1000)) "$command"
    look_behind "$command"
  done < <(documented)
  printf '# %d.%03d s for all of them\n' $((total / 1000)) $((total % 1000))
  check 'all of that was on the page' test "$said" -ge 10
  check 'that was ten minutes at most' test "$total" -le $((LIMIT * 1000))
}

# typed COMMAND: what it said is kept for look_behind.
typed() {
  local code=0
  type_it "$1" >"$root/step.log" 2>&1 || code=$?
  cat "$root/step.log"
  return "$code"
}

# serial PORT: of the certificate that is served there.
serial() { "${alone[@]}" openssl s_client -connect "$address:$1" -servername "$host" </dev/null 2>/dev/null | openssl x509 -noout -serial; }

renew() {
  local new old stays
  come_in "$link" 5 &
  stays=$!
  old=$(serial 443)
  check 'coturn has the certificate, too' test "$(serial 5349)" = "$old"
  check 'a certificate is renewed' here certbot renew
  new=$(openssl x509 -noout -serial -in "$root/etc/letsencrypt/live/$host/cert.pem")
  check 'it is another one' test "$new" != "$old"
  check 'nginx has it' within 30 serves 443 "$new"
  check 'coturn has it' within 30 serves 5349 "$new"
  check 'who was in the meeting still is, on the same connection' wait "$stays"
}
serves() { [[ $(serial "$1") == "$2" ]]; }
