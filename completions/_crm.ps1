# Completion of crm for PowerShell: crm completions powershell | Out-String | Invoke-Expression
# Every word is asked of the program itself.

Register-ArgumentCompleter -Native -CommandName 'crm' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $elements = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { "$_" })
    $before = @($elements | Select-Object -Skip 1)
    if ($wordToComplete -eq '' -and $elements.Count -gt 0) { $typed = '' } else { $typed = "$wordToComplete" }
    $program = if ($elements.Count -gt 0) { $elements[0] } else { 'crm' }
    & $program complete powershell -- @before ":$typed" 2>$null | ForEach-Object {
        if ($_ -eq ':files') {
            [System.Management.Automation.CompletionCompleters]::CompleteFilename($typed)
            return
        }
        $value, $note = $_ -split "`t", 2
        if (-not $note) { $note = $value }
        $text = if ($value -match '[\s''"`$();|&]') { "'" + $value.Replace("'", "''") + "'" } else { $value }
        [System.Management.Automation.CompletionResult]::new($text, "$value  $note", 'ParameterValue', $note)
    }
}
