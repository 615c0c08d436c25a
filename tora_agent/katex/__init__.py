"""KaTeX 0.19.1 (https://katex.org, MIT licence), as published: math on pages that no network is there for."""
