import type { LabExerciseText } from './types.ts';

export const labExercise: LabExerciseText = {
	kinds: { task: 'Faites-le dans le terminal', write: 'Écrivez le fichier' },
	open: 'Commencer',
	opening: 'Le labo démarre…',
	failed: 'Le labo n’a pas pu être chargé. Rechargez la page et réessayez.',
	taskHow:
		'Tout chemin qui y mène est bon. La vérification laisse au labo jusqu’à trois minutes de son propre temps pour y arriver.',
	checking: 'Vérification…',
	again: 'Recommencer',
	text: 'Texte de {file}',
	asGiven: 'Tel qu’il était donné',
	used: 'Il est utilisé dans un labo neuf : {commands}',
	printed: 'Ce qui a été affiché',
	reached: 'atteint',
	notReached: 'pas encore',
	unreadable: 'Ligne {line}, colonne {column} : ce n’est pas du YAML. {~why}',
	refusedLine: 'C’est la ligne {line} de votre texte qui a été refusée.',
	yaml: {
		BAD_ALIAS: 'Un alias (*nom) demande une ancre (&nom) avant lui.',
		BAD_INDENT: 'L’indentation ne va pas avec les lignes voisines.',
		BLOCK_AS_IMPLICIT_KEY:
			'Une clé avec sa valeur ne peut pas se trouver dans la valeur d’une autre, sur une même ligne.',
		DUPLICATE_KEY: 'La même clé se trouve ici deux fois.',
		MISSING_CHAR: 'Il manque un caractère : un guillemet, un crochet, ou un blanc après un deux-points ou un tiret.',
		MULTILINE_IMPLICIT_KEY: 'Une clé tient sur une ligne, suivie d’un deux-points.',
		TAB_AS_INDENT: 'Indentez avec des blancs ; YAML n’accepte pas les tabulations.',
		UNEXPECTED_TOKEN: 'Il y a ici quelque chose qui ne peut pas s’y trouver.',
		other: 'Regardez l’indentation, les deux-points et les guillemets.',
	},
};
