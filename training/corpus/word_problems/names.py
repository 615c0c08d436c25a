"""Whom the problems are about: first names of many languages, family names and trades."""

from tora_agent.training.corpus.word_problems.inflection import tokens

GIRLS = tokens("""
Abby Abigail Ada Adaeze Adela Adriana Agnes Aisha Aiyana Akua Alejandra Alessia Alexis Alice Alicia Alina Alyssa
Amanda Amara Amelia Amina Amira Amy Ana Anastasia Andrea Angela Anika Anita Anna Anneke Antonia Anya Aria Ariana
Ashley Astrid Athena Aurora Ava Ayana Ayla Aylin Barbara Beatrice Becky Bella Bernadette Beth Betsy Betty Bianca
Bonnie Brenda Brianna Brooke Caitlin Callie Camila Cara Carina Carla Carmen Carol Caroline Carrie Cassie Catalina
Cathy Cecilia Celeste Chantal Charlene Charlotte Cheryl Chiara Chiyo Chloe Christina Ciara Cindy Claire Clara Claudia
Connie Cora Courtney Cynthia Dahlia Daisy Dana Danielle Daria Deanna Debby Deborah Delia Delilah Denise Devi Diana
Diane Divya Dolores Donna Dora Dorothy Ebony Eileen Elaine Eleanor Elena Elif Elise Eliza Ella Ellen Elsa Elsie Emi
Emilia Emily Emma Erica Esi Esmeralda Esperanza Esther Eunice Eva Evelyn Faith Farah Farida Fatima Fatou Faye Fern
Fiona Flora Frances Freya Frida Gabriela Gail Gemma Georgia Geraldine Gina Gita Giulia Gloria Grace Greta Gretchen
Gwen Habiba Haley Halima Hannah Harper Harriet Hazel Heather Heidi Helen Hilary Holly Hope Huda Ida Iman Indira Ines
Ingrid Irene Iris Irma Isabel Isabella Ivana Ivy Jackie Jada Jamila Jana Jane Janelle Janet Jasmine Jaya Jeanette
Jenna Jenny Jessica Jill Joan Joanna Jocelyn Josephine Josie Joy Joyce Judy Julia Juliana Julie Juliet June Jyoti
Kaitlyn Kamala Kara Karen Karla Katarina Kate Kathleen Kathy Katie Kavya Kayla Keiko Kelly Khadija Kiara Kim Kirsten
Kristen Kylie Kyoko Lakshmi Lana Lara Larissa Latoya Laura Laurie Layla Leah Leilani Lena Leona Leticia Lia Lillian
Lily Lin Lina Linda Lisa Liv Liz Lola Lorena Lori Louisa Louise Lucia Lucinda Lucy Ludmila Luisa Luna Lydia Lynn Mabel
Madeline Madison Mae Maggie Maisie Makayla Mandy Manuela Marcia Margaret Margarita Maria Mariah Mariam Marie Marilyn
Marisol Marjorie Marta Martha Martina Mary Maureen Maxine Maya Meera Megan Mei Melanie Melinda Melissa Mercedes
Meredith Mia Midori Mila Millie Mina Miranda Miyu Molly Mona Monica Nadia Nalini Nancy Naoko Naomi Natalie Natasha
Neha Nellie Ngozi Nia Nina Nisha Noelle Noor Nora Nuria Octavia Oksana Olena Olga Olivia Opal Orla Padma Paige Pam
Pamela Parisa Patricia Patty Paula Pauline Peggy Penny Petra Phoebe Phyllis Pilar Piper Poppy Priscilla Priya Rachel
Rani Raquel Rebecca Renata Renee Rhonda Rita Riya Roberta Robin Rosa Rosalie Rosalind Rose Rosie Roxanne Ruby Ruth
Sabrina Sadie Sally Salma Samantha Samira Sandra Sandy Saoirse Sara Sarah Scarlett Selena Shanice Sharon Sheila Shelby
Shirley Shreya Sigrid Silvia Simone Siti Sofia Soledad Sophie Soraya Stacy Stella Sue Suki Sunita Susan Svetlana
Sydney Sylvia Talia Tamara Tammy Tanya Tara Tasha Teresa Tess Tessa Thelma Tiana Tiffany Tina Tracy Trinity Trudy Uma
Usha Valentina Valerie Vanessa Vera Veronica Vicky Viola Violet Virginia Wanda Wangari Wendy Wilma Winnie Xiomara Yara
Yasmin Yesenia Yoko Yolanda Yuki Yvette Yvonne Zainab Zara Zelda Zoe Zofia Zora
""")
BOYS = tokens("""
Aarav Aaron Abdul Abe Abel Adam Adebayo Adrian Agustin Ahmed Ajay Akio Akira Alan Albert Alberto Aldo Alessandro Alex
Alfonso Alfred Ali Alvaro Amir Amit Anand Andre Andreas Andrew Andy Angelo Angus Anthony Anton Archie Ari Arjun Arnold
Arthur Asher Ashok Austin Barnaby Bashir Basil Ben Benedict Benjamin Benny Bernard Bert Bill Billy Blake Bob Bobby
Brad Brady Brandon Brent Brett Brian Bruce Bruno Bryan Caleb Calvin Cameron Carl Carlos Cedric Cesar Charles Chen
Chester Chris Christian Christopher Claude Clifford Clive Cody Colin Connor Conrad Craig Curtis Cyrus Dale Dalton
Damon Dan Daniel Darius Darnell Darryl Dave David Declan Deepak Dennis Denzel Derek Dev Devin Diego Dimitri Dinesh Don
Donald Doug Douglas Drew Dustin Dwight Dylan Earl Eddie Edmund Edward Edwin Eli Elias Elliot Elmer Emeka Emiliano
Emmanuel Emre Enzo Eric Erik Ernesto Ethan Eugene Evan Everett Ezra Fabian Farouk Felix Ferdinand Fernando Finn
Francis Frank Franklin Fred Freddie Gabriel Gareth Gary Gaurav Gavin Geoffrey George Gerald Gilbert Giovanni Glenn
Gopal Graham Grant Greg Guillermo Gus Habib Hamza Hank Hans Harry Haruki Hassan Hector Henrik Henry Herman Hiro Homer
Horace Hudson Hugh Hugo Ian Ibrahim Ignacio Igor Imran Isaac Isaiah Ishaan Ismail Ivan Jack Jackson Jacob Jaime Jake
Jalen Jamal James Jared Jarvis Jason Jay Jayden Jeff Jeffrey Jeremy Jermaine Jerry Jesse Jim Jin Joaquin Joe Joel John
Johnny Jonas Jonathan Jordan Jorge Jose Josh Joshua Josiah Juan Julian Julio Juma Jun Justin Kai Kareem Karim Karl
Keanu Keith Kelvin Ken Kendrick Kenneth Kenny Kevin Khalid Kieran Kirk Kofi Kojo Kumar Kurt Kyle Lachlan Lamar Larry
Lars Lawrence Lee Leo Leon Leonard Leonardo Lester Levi Liam Lincoln Linus Lloyd Logan Lou Louis Luca Lucas Luis Luke
Lyle Malcolm Malik Manuel Marcel Marco Mario Mark Marlon Martin Marvin Mason Mateo Matt Matteo Matthias Mauricio Max
Melvin Michael Mickey Miguel Mike Milo Milton Mitchell Mohamed Mohammed Moses Murray Musa Nasir Nathan Nathaniel
Naveen Ned Neil Nestor Niall Nick Nicolas Nikhil Niko Noah Noel Nolan Obi Oleg Olu Omar Orlando Oscar Osman Otto Owen
Pablo Parker Patrick Paul Pedro Percy Pete Peter Phil Philip Pranav Quinn Rafael Rahul Raj Rajesh Ralph Ramon Randy
Raul Ravi Ray Reggie Reuben Reza Ricardo Richard Ricky Riku Rob Robbie Robert Rocco Rodrigo Roger Rohan Roman Romeo
Ron Ronnie Ross Roy Ruben Rudy Rupert Ryan Sachin Salim Sam Samir Samson Sandeep Sanjay Satoshi Saul Scott Sean Sergei
Seth Shane Shawn Silas Simon Solomon Spencer Stan Stefan Steve Steven Stuart Sunil Sven Tadashi Tanner Ted Tendai
Terrence Terry Theo Theodore Thomas Tim Tobias Toby Todd Tom Tommy Tony Travis Trent Trevor Troy Tunde Tyler Umar
Uriel Vernon Victor Vikram Vince Vincent Vito Vladimir Wade Wallace Walter Wayne Wei Wesley Wilbur Wilfred Will Willie
Winston Xander Xavier Yash Yosef Yusuf Yuto Zach Zahir Zaid Zeke
""")
ROLES = tokens("""
baker farmer teacher gardener librarian shopkeeper florist chef coach collector student tailor painter fisherman
carpenter grocer vendor jeweler clerk waiter driver nurse artist scientist ranger zookeeper neighbor toymaker potter
butcher barber plumber electrician mechanic engineer doctor dentist pharmacist veterinarian firefighter lifeguard
sailor captain pilot astronaut musician pianist violinist drummer singer dancer actor writer author poet reporter
photographer cook cashier blacksmith beekeeper rancher athlete runner builder janitor tutor professor designer
magician juggler clown gymnast scout biologist chemist sculptor shoemaker bookseller volunteer babysitter
""")
SURNAMES = tokens("""
Adams Ahmed Allen Bailey Baker Bennett Brown Butler Carter Castillo Chen Choi Clark Cole Collins Cruz Das Davis Diaz
Evans Fisher Fleming Foster Garcia Ghosh Gonzalez Gray Green Hall Harris Hill Hughes Ito Jackson Jensen Johnson Jones
Kelly Khan King Kumar Lee Lewis Lopez Martin Martinez Mendoza Miller Moore Morgan Murphy Nelson Novak Okafor Ortiz
Park Perez Peterson Ramirez Reed Rivera Rossi Ruiz Sato Schmidt Sharma Singh Smith Suzuki Taylor Thompson Tran Turner
Walker Watson White Wilson Wong Yamada Young
""")
