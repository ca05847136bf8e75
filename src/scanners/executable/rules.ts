import type { Rule } from '../../core/rule.ts';

/** What can be said of programs among models. */
export const EXECUTABLE_RULES = [
  {
    id: 'executable.native-code',
    title: 'Program or library among model files',
    severity: 'high',
    why: 'Compiled code runs with all rights of the process that loads it. Weights need none, and packages that bring their own library load it without asking.',
    fix: 'Remove it, or build it yourself from source and keep it apart from the model.',
    maps: ['CWE-829', 'OWASP-LLM03:2025', 'ATLAS:AML.T0011'],
  },
  {
    id: 'executable.llamafile',
    title: 'Model packed as a program (llamafile)',
    severity: 'high',
    why: 'A llamafile is a program for every operating system with the weights inside: whoever runs the model runs the publisher’s binary.',
    fix: 'Take the GGUF file alone and run it with a llama.cpp that you installed yourself.',
    maps: ['CWE-829', 'PAIT-LMAFL-300', 'OWASP-LLM03:2025'],
  },
  {
    id: 'executable.shortcut',
    title: 'Windows shortcut among model files',
    severity: 'high',
    why: 'A shortcut starts any command line when somebody opens it, and shows any icon it likes.',
    fix: 'Delete it. A model repository needs no shortcuts.',
    maps: ['CWE-829'],
  },
  {
    id: 'executable.self-extracting',
    title: 'Script that carries a binary payload',
    severity: 'high',
    why: 'The script unpacks and starts what is hidden behind its last line, where reading the script shows nothing of it.',
    fix: 'Ask for the files in an ordinary archive.',
    maps: ['CWE-506', 'CWE-829'],
  },
  {
    id: 'executable.python-bytecode',
    title: 'Compiled Python code',
    severity: 'medium',
    why: 'Python runs compiled modules without their source, and prefers them to it: what they do cannot be read from the files beside them.',
    fix: 'Delete the file; Python compiles the source again where it needs to.',
    maps: ['CWE-506', 'CWE-829'],
  },
  {
    id: 'executable.download-and-run',
    title: 'Script runs what it downloads',
    severity: 'medium',
    why: 'What the script executes is decided by a server at the time it runs, not by the files that were scanned.',
    fix: 'Download to a file, compare its digest with a pinned one, and only then run it.',
    maps: ['CWE-494'],
  },
  {
    id: 'executable.script',
    title: 'Shell script',
    severity: 'info',
    why: 'Nothing starts it by itself, but people do what the README says.',
    fix: 'Read it before you run it.',
    maps: [],
  },
] as const satisfies readonly Rule[];
