import type { UiText } from '../ui.ts';

export const fr: UiText = {
	tagline: 'Comment les paquets traversent Kubernetes : kube-proxy, Cilium et eBPF, saut par saut.',
	introduction:
		'Chaque TP fait tourner dans la page une simulation du vrai datapath. Changez un réglage, envoyez un paquet, et lisez à chaque saut ce qui a été consulté, ce qui a été décidé, et pourquoi.',
	skipToContent: 'Aller au texte',
	courseMap: 'Le cours',
	glossary: 'Glossaire',
	about: 'À propos',
	lab: 'Le labo',
	search: 'Rechercher',
	searchTheCourse: 'Rechercher dans le cours',
	language: 'Langue',
	chooseLanguage: 'Choisissez une langue',
	theme: 'Thème',
	themes: { auto: 'Auto', light: 'Clair', dark: 'Sombre' },
	onThisPage: 'Sur cette page',
	sectionDone: 'terminé',
	minutes: (minutes) => (minutes < 2 ? `${minutes} minute` : `${minutes} minutes`),
	answered: (done, total) => `${done} sur ${total} exercices faits`,
	versions: (product, versions) => `${product} ${list(versions, 'et')}`,
	objectives: 'Ce que vous saurez faire',
	prerequisites: 'Ce qu’il vous faut',
	note: 'Note',
	glossaryIntroduction:
		'Les termes du cours, et leur nom dans les trois autres langues. Commandes, options et types d’objets gardent partout leur nom.',
	copyLink: 'Copier le lien',
	linkCopied: 'Lien copié',
	textOfDiagram: 'Le schéma en mots',
	progress: {
		title: 'Votre progression',
		kept: 'Vos réponses restent dans ce navigateur. Rien n’est envoyé. Pour continuer sur une autre machine, emportez-les dans un fichier.',
		project: 'Pour une projection en salle : les exercices montrent leur paquet avant toute réponse',
		export: 'Enregistrer dans un fichier',
		import: 'Ouvrir un fichier',
		forget: 'Tout oublier',
		forgetConfirm: 'Oublier toutes les réponses et tous les réglages gardés dans ce navigateur ?',
		imported: (entries) => `Entrées lues : ${entries}.`,
		forgotten: 'Tout est oublié.',
		notProgress: 'Ce fichier ne contient pas de progression enregistrée par Packetwalk. Rien n’a été modifié.',
	},
	storage: {
		refused: 'Ce navigateur ne laisse rien garder à la page : vos réponses durent jusqu’à sa fermeture.',
		full: 'Le stockage du navigateur est plein : les nouvelles réponses durent jusqu’à la fermeture de la page. Enregistrez-les dans un fichier.',
		corrupt: 'Ce qui était gardé dans ce navigateur est illisible et a été mis de côté. Le cours repart de zéro.',
	},
	scriptsOff:
		'Sans scripts, vous lisez le cours et ses cas résolus ; pour changer les réglages, autorisez les scripts.',
	notFound: { title: 'Page introuvable', text: 'Cette adresse ne mène nulle part. Le cours commence ici :' },
	extractFirst:
		'Cette page a été ouverte sans ses fichiers. Extrayez d’abord toute l’archive, puis rouvrez index.html.',
	version: (version, date) => `Version ${version}, ${date}`,
	licence: (code, content) => `Code ${code}, texte ${content}`,
	thirdParty: 'Licences des composants tiers',
};

function list(items: readonly string[], last: string): string {
	return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} ${last} ${items[items.length - 1]}`;
}
