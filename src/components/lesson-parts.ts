/** What a lesson's MDX may use besides Markdown. */
import Details from './Details.astro';
import Diagram from './Diagram.astro';
import Exercise from './Exercise.astro';
import Files from './Files.astro';
import Note from './Note.astro';
import Out from './Out.astro';
import Terminal from './Terminal.astro';
import Val from './Val.astro';
import Walk from './Walk.astro';

export const lessonParts = { Details, Diagram, Exercise, Files, Note, Out, Terminal, Val, Walk };
