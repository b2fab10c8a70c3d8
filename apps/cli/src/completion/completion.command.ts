import { Argument, type Command } from 'commander';
import { orProblem } from '../desk/desk-command.js';
import { candidates } from './candidates.js';

/** Each asks the program itself what may come next, so that they are never behind. */
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `# deskwire completion bash > /etc/bash_completion.d/deskwire
_deskwire() {
  local IFS=$'\\n'
  COMPREPLY=($(deskwire __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _deskwire deskwire
`,
  zsh: `#compdef deskwire
# deskwire completion zsh > "\${fpath[1]}/_deskwire"
_deskwire() {
  local -a candidates
  candidates=("\${(@f)$(deskwire __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -a candidates
}
if [ "$funcstack[1]" = "_deskwire" ]; then _deskwire; else compdef _deskwire deskwire; fi
`,
  fish: `# deskwire completion fish > ~/.config/fish/completions/deskwire.fish
complete -c deskwire -f -a '(deskwire __complete (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
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
