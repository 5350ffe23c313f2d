/** The shell of the terminal: bash over just-bash, in the lab's places and the lab's time. */
export { AT_ONCE, type Pace } from './clock.ts';
export { COMMANDS, REPLACED } from './commands.ts';
export { SessionCore, type SessionOptions } from './core.ts';
export { isTyped, type LogEntry, undone } from './log.ts';
export { stripPrompts } from './paste.ts';
export {
	type FileChange,
	type FileDeed,
	type MadeFile,
	type PlaceFacts,
	type ProgramFile,
	placeKey,
	type Surroundings,
} from './places.ts';
export { retell } from './retell.ts';
export { bytesOf, type Octets, readable } from './routes.ts';
export { type Completion, Session, type TerminalOptions } from './session.ts';
export type { EditedFile, ShowEditor, View } from './view.ts';
