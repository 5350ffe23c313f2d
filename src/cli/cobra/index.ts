/** Command lines of tools written in Go: flags (pflag) and trees of commands (cobra). */
export { type Command, type Completer, completeCommand, help, type Manner, type Run, runCommand } from './command.ts';
export { type Flag, type FlagError, FlagValues, type ParsedFlags, parseDuration, parseFlags } from './flags.ts';
