/** What a lesson's MDX may use besides Markdown. */
import ConfigDiff from './ConfigDiff.astro';
import Details from './Details.astro';
import Diagram from './Diagram.astro';
import Exercise from './Exercise.astro';
import Files from './Files.astro';
import KindConfig from './KindConfig.astro';
import Note from './Note.astro';
import Out from './Out.astro';
import PathTable from './PathTable.astro';
import Readiness from './Readiness.astro';
import StatusDecoder from './StatusDecoder.astro';
import Terminal from './Terminal.astro';
import Val from './Val.astro';
import Walk from './Walk.astro';

export const lessonParts = {
	ConfigDiff,
	Details,
	Diagram,
	Exercise,
	Files,
	KindConfig,
	Note,
	Out,
	PathTable,
	Readiness,
	StatusDecoder,
	Terminal,
	Val,
	Walk,
};
