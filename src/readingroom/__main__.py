from readingroom.cli.main import main

main()
