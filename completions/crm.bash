# Completion of crm for bash: source <(crm completions bash)
# Every word is asked of the program itself.

_crm() {
  local rest="${COMP_LINE:0:COMP_POINT}" trimmed piece="" count=-1 i
  local -a words=()
  # Readline splits words at = : @ too; what touches belongs together.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    trimmed="${rest#"${rest%%[![:space:]]*}"}"
    piece="${COMP_WORDS[i]}"
    ((i == COMP_CWORD)) && piece="$trimmed"
    if ((count >= 0)) && [[ "$trimmed" == "$rest" && -n "$rest" ]]; then
      words[count]+="$piece"
    else
      count=$((count + 1))
      words[count]="$piece"
    fi
    rest="${trimmed#"$piece"}"
  done
  local typed="${words[count]}" before=""
  # What readline leaves alone in front of the part that it replaces.
  if [[ "$piece" != "$typed" ]]; then
    before="${typed%"$piece"}"
  fi
  if [[ "$piece" == [=:] ]]; then
    before="$typed" piece=""
  elif [[ "$before" == *@ ]]; then
    # An @ begins the part that is replaced.
    before="${before%@}" piece="@$piece"
  fi

  local program="${words[0]/#\~/$HOME}" line value quoted quote="" files="" all=1
  case "$typed" in \'* | \"*) quote=1 ;; esac
  local -a values=() shown=()
  while IFS= read -r line; do
    value="${line%%$'\t'*}"
    if [[ "$value" == ":files" ]]; then
      files=1
      continue
    fi
    if [[ -n "$before" ]]; then
      [[ "$value" == "$before"* ]] || continue
      value="${value#"$before"}"
    fi
    [[ "$value" == "$piece"* ]] || all=""
    if [[ -z "$quote" && "$value" == *[[:space:]\'\"\\\$\&\;\|\<\>\(\)\*\?\`\!\#]* ]]; then
      printf -v quoted '%q' "$value"
      value="$quoted"
    fi
    values+=("$value")
    if [[ "$line" == *$'\t'* ]]; then
      shown+=("$value  ${line#*$'\t'}")
    else
      shown+=("$value")
    fi
  done < <("$program" complete bash -- "${words[@]:1}" 2>/dev/null)

  if [[ -n "$files" ]]; then
    compopt -o filenames 2>/dev/null
    local path="${typed#"$before"}"
    while IFS= read -r line; do values+=("$line"); done < <(compgen -f -- "$path")
    COMPREPLY=("${values[@]}")
    return
  fi
  if ((${#values[@]} == 1)); then
    COMPREPLY=("${values[0]}")
    case "${values[0]}" in *[=:.]) compopt -o nospace 2>/dev/null ;; esac
  elif ((${#values[@]} > 1)); then
    case "$COMP_TYPE" in
    63 | 33 | 64) COMPREPLY=("${shown[@]}") ;;
    *) COMPREPLY=("${values[@]}") ;;
    esac
    # Names become refs only when there is one left: an empty candidate keeps what was typed.
    [[ -z "$all" && "$COMP_TYPE" != 63 && "$COMP_TYPE" != 37 ]] && COMPREPLY+=("")
  fi
}

complete -o nosort -F _crm crm 2>/dev/null || complete -F _crm crm
