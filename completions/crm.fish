# Completion of crm for fish: crm completions fish | source
# Every word is asked of the program itself.

# The candidates for a word, as the program prints them.
function __crm_candidates
    set -l words (commandline -opc)
    command $words[1] complete fish -- $words[2..-1] "$argv[1]" 2>/dev/null
end

function __crm_complete
    set -l typed (commandline -ct)
    set -l asked "$typed"
    if set -q __crm_asked; and test -z "$typed"
        set asked $__crm_asked
    end
    set -e __crm_asked
    set -l lines (__crm_candidates "$asked")
    if test "$lines[1]" = ':files'
        set -l before (string match -r -- '^--[^=]+=' "$typed")
        for path in (__fish_complete_path (string replace -r -- '^--[^=]+=' '' "$typed"))
            printf '%s\n' "$before$path"
        end
        return
    end
    test (count $lines) -gt 0; and printf '%s\n' $lines
end

# Fish offers only what contains the letters that were typed. A name that becomes a ref does not, so that
# the key looks first: one record takes the place of the name, several are listed in its place.
function __crm_tab
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    if test (count $words) -lt 2; or test (string replace -r '.*/' '' -- $words[1]) != crm; or test -z "$typed"; or commandline -P
        commandline -f complete
        return
    end
    set -l lines (__crm_candidates "$typed")
    set -l plain (string unescape -- "$typed"; or echo -- "$typed")
    for line in $lines
        set -l value (string split -m 1 \t -- $line)[1]
        if test "$value" = ':files'; or string match -q -i -e -- "$plain" "$value"
            commandline -f complete
            return
        end
    end
    switch (count $lines)
        case 0
            commandline -f complete
        case 1
            commandline -rt -- (string split -m 1 \t -- $lines[1])[1]' '
        case '*'
            set -g __crm_asked "$typed"
            commandline -rt -- ''
            commandline -f complete
    end
end

complete -c crm -e
complete -c crm -k -f -a '(__crm_complete)'
# Whoever has bound the key to something keeps that.
if status is-interactive; and not bind --user \t >/dev/null 2>&1
    bind \t __crm_tab
    bind -M insert \t __crm_tab
end
