#!/bin/sh
# A client of Parley in POSIX sh, with curl and the usual utilities; docs/protocol.md says why.
#
#   PARLEY_PASSWORD=… client.sh https://chat.example.org ann@example.org folder
#
# Prints every event once and in order, as a line of JSON, and sends what it reads: the id of a chat
# and a text per line. The folder keeps where it was: started again, it goes on from there, with the
# event once more over which it was killed.
set -u
umask 077
LC_ALL=C && export LC_ALL
api=$1 email=$2 dir=$3 me=send bound=1
mkdir -p "$dir/topics"

# JSON: inside a text each quote is escaped, so `"name":` is a name wherever it stands, and the first
# one in an event is that of its envelope.
text() { rest=${1#*\"$2\":\"} && printf '%s' "${rest%%\"*}"; }
number() { rest=${1#*\"$2\":} && printf '%s' "${rest%%[!0-9]*}"; }
escape() { printf '%s' "$1" | tr '\001-\037' '[ *]' | sed 's/[\\"]/\\&/g'; }
# Whatever begins with its topic in $answer: the events of a page, the places of a bootstrap.
each() { printf '%s\n' "$answer" | sed 's/{"topic":/\
&/g' | sed -n '/^{"topic":/ { s/],"has_more":.*//; s/,$//; p; }'; }

# Files: whole at any moment, for the one who sends and the one who follows share them.
put() { cat > "$dir/$1.$me" && mv "$dir/$1.$me" "$dir/$1"; }
get() { cat "$dir/$1" 2> /dev/null; }

# Calls.
random() { od -An -N"$1" -t"$2" /dev/urandom | tr -d ' \n'; }
pause() { # A random time up to a bound that doubles, and no less than the server asked for.
  time=$(($(random 2 u2) % (bound + 1))) bound=$((bound < 16 ? bound * 2 : 30))
  least=$(sed -n 's/^[Rr]etry-[Aa]fter: *\([0-9]*\).*/\1/p' "$dir/$me.head")
  sleep $((time > ${least:-0} ? time : ${least:-0}))
}
try() { # method path [body]: once. The status is 000 where no answer came, or not all of it.
  status=$(printf '%s' "${3-}" | curl -s -m 20 -X "$1" ${3:+-d @-} -H 'content-type: application/json' \
    -H @"$dir/auth" -D "$dir/$me.head" -o "$dir/$me.body" -w '%{http_code}' "$api$2") || status=000
  answer=$(get $me.body)
}
ask() { # The same, again and again until there is an answer. Fails when that is a refusal.
  bound=1
  while :; do
    try "$@"
    case $status:$2 in
      2??:*) return 0 ;;
      000:* | 408:* | 429:* | 5??:*) pause ;;
      401:/api/signin | 401:/api/auth/*) return 1 ;;
      401:*) renew || return 1 ;;
      *) return 1 ;;
    esac
  done
}
session() { # path body
  ask POST "$1" "$2" || return 1
  sed -n 's/^[Ss]et-[Cc]ookie: [^=]*parley_rt=\([^;]*\).*/\1/p' "$dir/$me.head" | put refresh
  echo "authorization: Bearer $(text "$answer" token)" | put auth
}
renew() { session /api/auth/refresh '{"refresh_token":"'"$(get refresh)"'"}'; }

# Events. The file topics/<topic> holds the last seq of each topic that has begun.
bootstrap() { # Without a cursor nothing is followed: whoever is stopped here begins here again.
  rm -f "$dir/cursor"
  ask GET /api/bootstrap || return 1
  rm -f "$dir/topics"/*
  each | while read -r line; do number "$line" last_seq | put "topics/$(text "$line" topic)"; done
  text "$answer" cursor | put cursor
}
take() { # An event with nothing missing before it.
  topic=$(text "$1" topic) seq=$(number "$1" seq)
  [ "$seq" -gt "$(get "topics/$topic")" ] || return 0
  printf '%s\n' "$1"
  echo "$seq" | put "topics/$topic"
  case $(text "$1" kind) in
    NewChat | AddToChat) begin chat "${1#*\"chat\":}" ;;
    AddToWorkspace) begin workspace "${1#*\"workspace\":}" ;;
  esac
}
begin() { number "$2" last_seq | put "topics/$1:$(number "$2" id)"; }
event() { # An event of the stream. One of a topic that has not begun is older than the bootstrap.
  topic=$(text "$1" topic) last=$(get "topics/$(text "$1" topic)")
  [ "$last" ] || return 0
  case $(text "$1" kind) in
    ChatDeleted | WorkspaceDeleted) ;; # Of what is gone nothing else is to be had.
    *) [ "$(number "$1" seq)" -le $((last + 1)) ] || fill "$topic" "$last" ;;
  esac
  take "$1"
}
fill() { # topic seq: takes what comes behind it. Only chats can be asked.
  case $1 in chat:*) ;; *) bootstrap && return ;; esac
  while ask GET "/api/chats/${1#chat:}/events?limit=100&after=$2"; do
    each > "$dir/page"
    while IFS= read -r line; do take "$line"; done < "$dir/page"
    case $answer in *'"has_more":true'*) set -- "$1" "$(get "topics/$1")" ;; *) return ;; esac
  done
}
listen() { # Reads a stream. Returns 0 when it was live, 1 when not, 2 when the token is not valid.
  kind='' data='' id='' result=1
  while IFS= read -r line; do
    case $line in
      'id: '*) id=${line#id: } ;;
      'event: '*) kind=${line#event: } ;;
      'data: '*) data=${line#data: } ;;
      'status: 401') result=2 ;;
      '')
        case $kind in
          ready) result=0 ;;
          resync) echo "resync $data" >&2 && bootstrap ;;
          reauth) renew ;;
          bye) echo "bye $data" >&2 ;;
          ?*) event "$data" ;;
        esac
        [ "$id" ] && [ -s "$dir/cursor" ] && printf '%s' "$id" | put cursor
        kind='' data='' id=''
        ;;
    esac
  done
  return $result
}
follow() {
  me=follow
  ask GET /api/instance || exit 1
  events=$(text "$answer" events_url) bound=1
  while [ -s "$dir/cursor" ] || bootstrap; do
    curl -sN --connect-timeout 10 -Y 1 -y 30 -H @"$dir/auth" -H "last-event-id: $(get cursor)" \
      -D "$dir/$me.head" -w '\nstatus: %{http_code}\n' "$events" | listen
    case $? in
      0) bound=1 ;;
      2) renew || exit 1 ;;
    esac
    pause
  done
}

[ -s "$dir/auth" ] || : | put auth
[ -s "$dir/refresh" ] || session /api/signin \
  '{"email":"'"$(escape "$email")"'","password":"'"$(escape "$PARLEY_PASSWORD")"'"}' || exit 1
follow &
while read -r chat words; do
  ask POST "/api/chats/$chat/messages" '{"nonce":"'"$(random 12 x1)"'","content":"'"$(escape "$words")"'"}'
  echo "$status $(number "$answer" seq)" >&2
done
wait
