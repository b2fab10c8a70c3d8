import { Argument, type Command } from 'commander';
import { orProblem } from '../desk/desk-command.js';
import { candidates } from './candidates.js';

/** Each asks the program itself what may come next, so that they are never behind. */
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `# deskwire completion bash > /etc/bash_completion.d/deskwire
_deskwire() {
  local IFS=$'\\n' line="\${COMP_LINE:0:COMP_POINT}" words
  # Split at blanks only: bash's own words end at each = and :, too.
  IFS=$' \\t' read -ra words <<< "$line"
  [[ "$line" == *[[:blank:]] ]] && words+=("")
  local last="\${words[-1]}" cut="\${COMP_WORDS[COMP_CWORD]}"
  [[ "$cut" == "=" ]] && cut=""
  COMPREPLY=($(deskwire __complete "\${words[@]:1}" 2>/dev/null))
  COMPREPLY=("\${COMPREPLY[@]#"\${last%"$cut"}"}")
}
complete -o default -F _deskwire deskwire
`,
  zsh: `#compdef deskwire
# deskwire completion zsh > "\${fpath[1]}/_deskwire"
_deskwire() {
  local -a candidates
  candidates=("\${(@f)$(deskwire __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$candidates" ]]; then compadd -a candidates; else _files; fi
}
if [ "$funcstack[1]" = "_deskwire" ]; then _deskwire; else compdef _deskwire deskwire; fi
`,
  fish: `# deskwire completion fish > ~/.config/fish/completions/deskwire.fish
function __deskwire_complete
  set -l candidates (deskwire __complete (commandline -opc)[2..] (commandline -ct) 2>/dev/null)
  if set -q candidates[1]
    printf '%s\\n' $candidates
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c deskwire -f -a '(__deskwire_complete)'
`,
};

/** `deskwire completion <shell>`, and what its scripts ask while somebody types. */
export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .description('print the completion script of a shell: bash, zsh or fish')
    .addArgument(new Argument('<shell>', 'whose').choices(Object.keys(SCRIPTS)))
    .action((shell: string) =>
      orProblem(async () => {
        process.stdout.write(SCRIPTS[shell]!);
      }),
    );

  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .helpOption(false)
    .action((words: string[]) => {
      process.stdout.write(
        candidates(program, words)
          .map((one) => `${one}\n`)
          .join(''),
      );
    });
}
