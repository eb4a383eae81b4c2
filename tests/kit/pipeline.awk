# pipeline.awk CMD: the shell pipeline in CMD, as a script whose programs each write standard error to "$stages/NN.err"
# and the status to "$stages/NN.status". A "|" in quotes, behind a backslash or beside another one parts nothing.

{ text = text $0 "\n" }

function stage(command) {
    ++n
    printf("%s{ (%s\n) 2>\"$stages/%02d.err\"; echo $? >\"$stages/%02d.status\"; }", (n > 1 ? " |\n" : ""), command, n, n)
}

END {
    for (i = 1; i <= length(text); ++i) {
        c = substr(text, i, 1)
        if (c == "\\" && quote != "'") {
            command = command c substr(text, ++i, 1)
        } else if (c == "|" && quote == "" && substr(text, i + 1, 1) == "|") {
            command = command "||"
            ++i
        } else if (c == "|" && quote == "") {
            stage(command)
            command = ""
        } else {
            if (quote == "" && (c == "'" || c == "\""))
                quote = c
            else if (c == quote)
                quote = ""
            command = command c
        }
    }
    stage(command)
    print ""
}
