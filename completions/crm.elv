# Completion of crm for elvish: eval (crm completions elvish | slurp)
# Every word is asked of the program itself.

use str

set edit:completion:arg-completer[crm] = {|@words|
  var files = $false
  crm complete elvish -- (all $words[1..]) 2>/dev/null | from-lines | each {|line|
    if (==s $line ':files') {
      edit:complete-filename $@words
    } else {
      var parts = [(str:split &max=2 "\t" $line)]
      var value = $parts[0]
      var suffix = ' '
      if (or (str:has-suffix $value '=') (str:has-suffix $value ':') (str:has-suffix $value '.')) { set suffix = '' }
      var note = ''
      if (== (count $parts) 2) { set note = '  '$parts[1] }
      edit:complex-candidate $value &display=$value$note &code-suffix=$suffix
    }
  }
}
