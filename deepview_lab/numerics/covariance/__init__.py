"""How units vary together: moments, spectra, principal axes, removal orders."""
