# Plain `snakemake` in this folder runs the study that the folder holds.
include: "workflow/Snakefile"
